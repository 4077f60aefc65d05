# frozen_string_literal: true

require "pathname"
require "stringio"
require "tmpdir"
require_relative "../../lib/gitlab_kube/resources"

RSpec.describe GitlabKube::Logger do
  let(:output) { StringIO.new }
  let(:logger) { described_class.new(output) }
  let(:line) { JSON.parse(output.string) }

  it "writes a Hash as one JSON line with severity and time" do
    logger.info(event: :begin_create, namespace: "web")

    expect(output.string.count("\n")).to eq(1)
    expect(line).to include("severity" => "INFO", "event" => "begin_create", "namespace" => "web")
    expect(line["time"]).to match(/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z/)
  end

  it "writes a String as message" do
    logger.warn("careful\nnow")

    expect(line).to include("severity" => "WARN", "message" => "careful\nnow")
  end

  it "says of an error its class, words and code" do
    logger.error(described_class.exception(GitlabKube::HttpError.new(503, "unavailable")))

    expect(line).to include("exception" => { "class" => "GitlabKube::HttpError", "message" => "unavailable" }, "status_code" => 503)
    expect(described_class.exception(Errno::ECONNREFUSED.new)[:status_code]).to be_nil
  end

  describe ".build" do
    around do |example|
      configured = GitlabKube.config.logger
      example.run
    ensure
      GitlabKube.config.logger = configured
    end

    it "is the configured logger" do
      GitlabKube.config.logger = logger

      expect([described_class.build, described_class.default]).to all(be(logger))
    end

    it "is GitLab's own file in Rails, where none is configured" do
      Dir.mktmpdir do |root|
        FileUtils.mkdir(File.join(root, "log"))
        stub_const("Rails", Struct.new(:root).new(Pathname(root)))
        GitlabKube.config.logger = nil
        described_class.build.info("hello")

        expect(File.read(File.join(root, "log/kubernetes.log"))).to include('"message":"hello"')
      end
    end

    it "is silent elsewhere" do
      GitlabKube.config.logger = nil

      expect(described_class.build.instance_variable_get(:@logdev)).to be_nil
    end
  end
end
