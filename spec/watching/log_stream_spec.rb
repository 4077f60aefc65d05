# frozen_string_literal: true

require "gitlab_kube"
require_relative "../support/kube_server"

RSpec.describe GitlabKube::PodLogs::LogStream do
  let(:text) { "one\ntwo\nthree\nrest" }
  let(:server) { KubeServer.start { [200, {}, text] } }
  let(:limits) { {} }
  let(:client) { KubeServer.client(server, limits: limits) }
  let(:lines) { [] }

  after { server.stop }

  it "gives each of the lines that come together, and the last though it has no newline" do
    client.watch_pod_log("a", "web") { |line| lines << line }
    expect(lines).to eq(%w[one two three rest])
    expect(lines.map(&:encoding).uniq).to eq([Encoding::UTF_8])
  end

  it "gives none of the lines that are there once it is finished" do
    stream = client.watch_pod_log("a", "web")
    stream.each { |line| (lines << line).size == 2 && Thread.new { stream.finish }.join }
    expect(lines).to eq(%w[one two])
  end

  it "ends where it could not begin before it was finished" do
    stream = nil
    failing = KubeServer.start { stream.finish || [500, {}, ""] }
    stream = KubeServer.client(failing).watch_pod_log("a", "web")
    expect(stream.each { |line| lines << line }).to be_nil
  ensure
    failing.stop
  end

  context "with a line that is too long among them" do
    let(:limits) { { line_bytes: 3 } }

    it "gives those before it, and then the error, once" do
      stream = client.watch_pod_log("a", "web")
      expect { stream.each { |line| lines << line } }.to raise_error(GitlabKube::LimitError)
      expect(lines).to eq(%w[one two])
    end
  end
end
