# frozen_string_literal: true

require "stringio"
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
end
