# frozen_string_literal: true

require "fileutils"
require "tmpdir"
require "open3"

RSpec.describe "loading the native library" do
  def ruby(*arguments)
    Open3.capture2e(RbConfig.ruby, *arguments)
  end

  it "defines GitlabKube::Native with nothing else on the load path", unchecked: true do
    output, status = ruby("--disable-gems", "-r#{File.expand_path('../../lib/gitlab_kube/native', __dir__)}", "-e",
                          "print GitlabKube::Native.class")
    expect([output, status.success?]).to eq(["Module", true])
  end

  it "says where it looked when the library is not there" do
    Dir.mktmpdir do |directory|
      FileUtils.cp File.expand_path("../../lib/gitlab_kube/native.rb", __dir__), directory
      output, status = ruby("-r#{directory}/native.rb", "-e", "")
      expect(status).not_to be_success
      expect(output).to include("gitlab_kube is not compiled for Ruby #{RUBY_VERSION}",
                                "#{directory}/#{RUBY_VERSION[/\d+\.\d+/]}/gitlab_kube.so")
    end
  end
end
