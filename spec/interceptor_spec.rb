# frozen_string_literal: true

require "gitlab_kube"
require "tempfile"
require_relative "contract/support/pki"
require_relative "support/kube_server"

RSpec.describe GitlabKube::Interceptor do
  # All there is to an interceptor: it sees each hop, in the calling thread, and lets it go on.
  class Recorder # rubocop:disable Lint/ConstantDefinitionInBlock
    attr_reader :hops

    def initialize
      @hops = []
    end

    def call(request)
      response = yield
      @hops << [request.verb, request.url.sub(%r{\Ahttp://[^/]+}, ""), response.status, Thread.current]
      response
    end
  end

  let(:recorder) { Recorder.new }
  let(:token_file) { Tempfile.new("token").tap { |file| file.write("old\n") && file.flush } }

  let(:server) do
    KubeServer.start do |request|
      case request.path
      when "/api/v1/namespaces/web/pods/a" then KubeServer.json({ kind: "Pod", metadata: { name: "a" } })
      when "/api/v1/secrets/s" then secret(request)
      when /watch=true/ then [200, {}, "#{JSON.generate(type: 'ADDED', object: { metadata: { name: 'a' } })}\n"]
      when %r{/log\?} then [200, {}, "one\ntwo\n"]
      else KubeServer.json({}, status: 404)
      end
    end
  end

  let(:client) { KubeServer.client(server, auth_options: { bearer_token_file: token_file.path }) }

  def secret(request)
    return KubeServer.json({ kind: "Secret", metadata: { name: "s" } }) if request.headers["authorization"] == "Bearer new"

    File.write(token_file.path, "new\n")
    KubeServer.json({ kind: "Status", reason: "Unauthorized" }, status: 401)
  end

  before { GitlabKube.interceptor = recorder }

  after do
    GitlabKube.interceptor = nil
    server.stop
  end

  it "sees one hop where the certificate is judged by a store of the application's" do
    pki = Pki.new
    tls = KubeServer.start(tls: pki.context) { KubeServer.json({ major: "1" }) }
    expect(KubeServer.client(tls, ssl_options: { cert_store: pki.store }).server_version).to eq({ "major" => "1" })
    expect(recorder.hops.size).to eq(1)
    expect { KubeServer.client(tls, ssl_options: { cert_store: Pki.new.store }).server_version }.to raise_error(GitlabKube::TlsError)
    expect(tls.seen.size).to eq(1)
  ensure
    tls&.stop
  end

  it "sees discovery, get, the replay after a 401, watch open and log open, each exactly once, in the calling thread" do
    client.get_pod("a", "web")
    client.get_secret("s")
    client.watch_pods(namespace: "web").each { |notice| expect(notice.object.metadata.name).to eq("a") }
    lines = []
    client.watch_pod_log("a", "web") { |line| lines << line }

    expect(lines).to eq(%w[one two])
    expect(recorder.hops.map { |hop| hop.first(3) }).to eq(
      [
        [:get, "/api/v1", 200],
        [:get, "/api/v1/namespaces/web/pods/a", 200],
        [:get, "/api/v1/secrets/s", 401],
        [:get, "/api/v1/secrets/s", 200],
        [:get, "/api/v1/namespaces/web/pods?watch=true", 200],
        [:get, "/api/v1/namespaces/web/pods/a/log?follow=true", 200]
      ]
    )
    expect(recorder.hops.map(&:last).uniq).to eq([Thread.current])
    expect(server.seen.size).to eq(recorder.hops.size)
  end

  it "lets an Exception that is no StandardError come out unchanged" do
    refusal = Class.new(Exception) { def message = "not here" } # rubocop:disable Lint/InheritException
    raised = refusal.new
    GitlabKube.interceptor = ->(_request) { raise raised }

    expect { client.get_pod("a", "web") }.to raise_error(refusal) { |error| expect(error).to equal(raised) }
    expect(server.seen).to be_empty
  end

  it "answers in place of the server, through the same decoders" do
    GitlabKube.interceptor = lambda do |request|
      body = request.url.end_with?("/api/v1") ? JSON.generate(KubeServer::CORE) : nil
      body ||= ["{\"type\":\"ADDED\",\"obj", "ect\":{\"metadata\":{\"name\":\"stubbed\"}}}\n"]
      described_class::Response.new(200, {}, body)
    end

    names = client.watch_pods(namespace: "web").map { |notice| notice.object.metadata.name }
    expect(names).to eq(["stubbed"])
    expect(server.seen).to be_empty
  end

  it "does not let a stub be reached under a name that resolves to a blocked address" do
    client = GitlabKube::KubeClient.new("http://rebinding.example.com")
    answers = [Addrinfo.tcp("169.254.169.254", 80)]
    allow(Addrinfo).to receive(:getaddrinfo).with("rebinding.example.com", 80, nil, :STREAM).and_return(answers)

    expect { client.get_pods }.to raise_error(ArgumentError, /is blocked/)
    expect(recorder.hops).to be_empty
  end

  it "leaves the body of a real answer to the process that sent the request" do
    GitlabKube.interceptor = lambda do |_request, &send|
      send.call.tap do |response|
        child = fork do
          response.read_body
        rescue GitlabKube::CancelledError => e
          exit!(e.message == "this body belongs to the parent process")
        ensure
          exit!(false)
        end
        expect(Process.wait2(child).last).to be_success
      end
    end
    expect(client.get_pod("a", "web").metadata.name).to eq("a")
  end
end
