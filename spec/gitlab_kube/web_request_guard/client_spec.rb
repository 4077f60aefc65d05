# frozen_string_literal: true

require "gitlab_kube"
require "gitlab_kube/web_request_guard"
require_relative "../../support/kube_server"
require_relative "../../support/puma_server"

RSpec.describe GitlabKube::WebRequestGuard do
  let(:pods) { KubeServer.json({ kind: "PodList", items: [] }) }
  let!(:server) { KubeServer.start { pods } }
  let(:client) { KubeServer.client(server) }

  after { server.stop }

  def answer(mode, **options)
    puma = PumaServer.new(described_class.new(->(_env) { [200, {}, [yield.to_s]] }, mode: mode, **options))
    puma.get("/").body
  ensure
    puma&.close
  end

  def outcome
    yield
  rescue StandardError => e
    e.class.name
  end

  it "sends nothing from a web request where it raises or refuses" do
    %i[raise refuse].each do |mode|
      expect(answer(mode) { outcome { client.get_pods(namespace: "web") } }).to eq("GitlabKube::ClusterCallInWebRequest")
    end
    expect(server.connections).to eq(0)
  end

  it "lets a quick call through where it bounds" do
    expect(answer(:bound, budget: 60) { client.get_pods(namespace: "web").size }).to eq("0")
  end

  it "refuses a stream where it bounds: a stream has no end that could be waited for" do
    watch = -> { outcome { client.watch_pods(namespace: "web").each(&:itself) } }
    expect(answer(:bound, budget: 60, &watch)).to eq("GitlabKube::ClusterCallInWebRequest")
  end

  it "does not stand in the way of programs" do
    expect(client.get_pods(namespace: "web").size).to eq(0)
  end

  describe "in front of a cluster that is frozen" do
    let!(:server) { KubeServer.start { sleep } }

    # Only the budget ends its calls. The connection is there before the request: what is sent is not a matter of the machine's speed.
    let!(:client) { KubeServer.client(server, timeouts: { open: 3600, read: 3600 }).tap { |client| client.core_client.discover } }

    it "says of a write that it may have happened, and of a read that it changed nothing" do
      calls = { 1 => -> { client.create_namespace(metadata: { name: "a" }) }, 0.1 => -> { client.get_pods(namespace: "web") } }
      told = calls.map do |budget, call|
        answer(:bound, budget: budget) do
          call.call
        rescue GitlabKube::TimeoutError => e
          e.outcome_unknown?
        end
      end
      expect(told).to eq(%w[true false])
    end

    it "ends the call when the budget does, and the next before it is sent" do
      outcomes = answer(:bound) { Array.new(3) { outcome { client.get_pods(namespace: "web") } }.join(" ") }
      expect(outcomes).to eq("GitlabKube::TimeoutError GitlabKube::ClusterCallInWebRequest GitlabKube::ClusterCallInWebRequest")
      expect(server.seen.count { |request| request.path.include?("pods") }).to be <= 1
    end
  end
end
