# frozen_string_literal: true

require "json"
require "open3"
require "rbconfig"
require "socket"
require_relative "../../fuzz/kubeconfig/watch"

# The short form of `rake fuzz:kubeconfig`: the same mutations each time, for what others find is that task's to tell. Unchecked: it is a
# program of its own.
RSpec.describe "A broken kubeconfig", unchecked: true do
  it "is a client or a GitlabKube::Error: in a second, in bounded memory, without its secrets, and nothing is opened or started" do
    program = File.expand_path("../../fuzz/kubeconfig.rb", __dir__)
    said, ended = Open3.capture2e(RbConfig.ruby, program, "0", "1")
    expect(ended).to be_success, said
    expect(JSON.parse(said.lines.last)).to include("tries" => be > 1000, "outcomes" => be > 15)
  end

  {
    "a file that is read" => -> { File.read(__FILE__) },
    "a file that is read as bytes" => -> { File.binread(__FILE__) },
    "a file that is not there, and its error rescued" => -> { File.open("/nonexistent") rescue nil }, # rubocop:disable Style/RescueModifier
    "a directory that is listed" => -> { Dir.children("/") },
    "a program that is started" => -> { Process.wait(Process.spawn("true")) },
    "a program in backticks" => -> { `true` },
    "a program that is read from" => -> { IO.popen("true", &:read) },
    "a socket" => -> { Socket.new(:INET, :STREAM).close }
  }.each do |what, deed|
    it "would be caught at #{what}" do
      expect { Watch.over(&deed) }.to raise_error(RuntimeError, /\Acalled /)
    end
  end
end
