# frozen_string_literal: true

require "active_support"
require "active_support/notifications"
require "gitlab_kube"
require "gitlab_kube/logger"
require "json"
require "logger"
require "stringio"
require_relative "support/kube_server"

# What the thread that made it writes: another example's may still call a server that is gone.
class OwnLines < StringIO
  def initialize
    super
    @own = Thread.current
  end

  def write(*text)
    Thread.current.equal?(@own) ? super : text.sum(&:bytesize)
  end
end

RSpec.describe GitlabKube::Instrumentation do
  let(:discovery) { { kind: "APIResourceList", resources: KubeServer::CORE[:resources] + [odd] } }
  let(:odd) { { name: "secretplurals", kind: "Oddity", namespaced: true, verbs: %w[get] } }
  let(:server) do
    KubeServer.start(discovery: discovery) do |request|
      case request.path
      when %r{/pods/gone} then KubeServer.json({ kind: "Status", reason: "NotFound" }, status: 404)
      when %r{/pods/denied} then KubeServer.json({ kind: "Status", reason: "Forbidden", message: "said" }, status: 403)
      when /watch=true/ then [200, {}, ""]
      else KubeServer.json({ kind: "Pod", metadata: { name: "a" } })
      end
    end
  end
  let(:client) { KubeServer.client(server) }
  let(:lines) { OwnLines.new }

  after do
    GitlabKube.interceptor = nil
    GitlabKube.config.logger = nil
    GitlabKube.config.correlation_id = nil
    server.stop
  end

  # What this thread's calls tell: a subscriber hears those of all threads.
  def heard(event = "request.gitlab_kube", &block)
    payloads = []
    own = Thread.current
    ActiveSupport::Notifications.subscribed(->(*, payload) { payloads << payload if Thread.current.equal?(own) }, event, &block)
    payloads
  end

  it "tells of each call once, with its verb and its resource, and of discovery as a call of its own" do
    told = heard do
      client.get_pod("a", "web")
      client.get_pods(namespace: "web")
      client.watch_pods(namespace: "web").to_a
      client.core_client.create("pods", { metadata: { name: "a" } }, namespace: "web")
      client.core_client.delete("pods", "a", namespace: "web")
    end
    expect(told.map { |payload| payload.values_at(:verb, :group, :version, :resource) }).to eq(
      [["discover", "api", "v1", nil], *%w[get list watch create delete].map { |verb| [verb, "api", "v1", "pods"] }]
    )
  end

  it "tells how long it took and how many bytes came, and no name, namespace or path" do
    payload = heard { client.core_client.get("pods", "a", namespace: "web") }.first
    expect(payload.keys).to contain_exactly(:verb, :group, :version, :resource, :bytes, :duration)
    expect(payload[:duration]).to be_a(Float).and be_positive
    expect(payload[:bytes]).to eq(JSON.generate({ kind: "Pod", metadata: { name: "a" } }).bytesize)
  end

  it "tells of a failure its class, code and reason" do
    failing = -> { client.core_client.get("pods", "denied", namespace: "web") }
    payload = heard { expect(&failing).to raise_error(GitlabKube::ForbiddenError) }.last
    expect(payload).to include(error_class: "GitlabKube::ForbiddenError", code: 403, reason: "Forbidden")
    expect(payload.to_s).not_to include("said")
  end

  it "calls a resource that only the server's discovery names `other`" do
    expect(heard { client.core_client.get_oddity("a", "web") }.last).to include(verb: "get", resource: "other")
  end

  it "names the cluster of the block, and before it that of the client" do
    named = KubeServer.client(server, cluster_id: 7)
    told = heard do
      GitlabKube.with_cluster(5) { [client, named].each { |one| one.core_client.get("pods", "a", namespace: "web") } }
      client.core_client.get("pods", "a", namespace: "web")
    end
    expect(told.map { |payload| payload[:cluster_id] }).to eq([5, 7, nil])
  end

  it "tells of each hop while an interceptor is installed, and of none without one" do
    ask = -> { client.core_client.get("pods", "a", namespace: "web") }
    expect(heard("hop.gitlab_kube", &ask)).to eq([])
    GitlabKube.interceptor = ->(_request, &send) { send.call }
    expect(heard("hop.gitlab_kube", &ask)).to eq([{ verb: :get, code: 200, cluster_id: nil }])
  end

  it "writes a failed call as a line of JSON, through any logger" do
    GitlabKube.config.correlation_id = -> { "c-1" }
    plain = Logger.new(lines, formatter: ->(_severity, _time, _name, message) { "#{message}\n" })
    tagged = Logger.new(lines)
    [plain, tagged, GitlabKube::Logger.new(lines)].each do |logger|
      GitlabKube.config.logger = logger
      failing = -> { client.core_client.get("pods", "denied", namespace: "web") }
      expect { GitlabKube.with_cluster(5, &failing) }.to raise_error(GitlabKube::ForbiddenError)
    end

    said = lines.string.lines.map { |line| JSON.parse(line[line.index("{")..]) }
    expect(said.size).to eq(3)
    expect(said).to all(include("severity" => "WARN", "event" => "kube_request_failed", "class_name" => "GitlabKube::Connection"))
    expect(said).to all(include("error_code" => 403, "exception" => "GitlabKube::ForbiddenError", "reason" => "Forbidden"))
    expect(said).to all(include("verb" => "get", "resource" => "pods", "cluster_id" => 5, "correlation_id" => "c-1"))
    expect(said).to all(include("time" => /\A\d{4}-\d\d-\d\dT.*Z\z/, "duration_s" => be_a(Float)))
  end

  it "does not warn of an object that is not there" do
    GitlabKube.config.logger = GitlabKube::Logger.new(lines, level: Logger::INFO)
    expect { client.core_client.get("pods", "gone", namespace: "web") }.to raise_error(GitlabKube::ResourceNotFoundError)
    expect(lines.string).to eq("")
  end

  it "lets the call's own error out when the logger fails" do
    GitlabKube.config.logger = Class.new { def warn = raise("the disk is full") }.new
    expect { client.core_client.get("pods", "denied", namespace: "web") }.to raise_error(GitlabKube::ForbiddenError)
  end
end
