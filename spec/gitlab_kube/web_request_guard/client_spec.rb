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

  def answer(mode)
    puma = PumaServer.new(described_class.new(->(_env) { [200, {}, [yield.to_s]] }, mode: mode))
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
    expect(answer(:bound) { client.get_pods(namespace: "web").size }).to eq("0")
  end

  it "refuses a stream where it bounds: a stream has no end that could be waited for" do
    expect(answer(:bound) { outcome { client.watch_pods(namespace: "web").each(&:itself) } }).to eq("GitlabKube::ClusterCallInWebRequest")
  end

  it "does not stand in the way of programs" do
    expect(client.get_pods(namespace: "web").size).to eq(0)
  end

  describe "in front of a cluster that is frozen" do
    let!(:server) { KubeServer.start { sleep } }

    it "says of a write that it may have happened, and of a read that it changed nothing" do
      calls = [-> { client.create_namespace(metadata: { name: "a" }) }, -> { client.get_pods(namespace: "web") }]
      told = calls.map do |call|
        answer(:bound) do
          call.call
        rescue GitlabKube::TimeoutError => e
          e.outcome_unknown?
        end
      end
      expect(told).to eq(%w[true false])
    end

    it "ends the call when the budget does, and the next before it is sent" do
      outcomes = answer(:bound) do
        started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
        kinds = Array.new(3) { outcome { client.get_pods(namespace: "web") } }
        [*kinds, (Process.clock_gettime(Process::CLOCK_MONOTONIC) - started).round].join(" ")
      end
      expect(outcomes).to match(/\AGitlabKube::TimeoutError GitlabKube::ClusterCallInWebRequest GitlabKube::ClusterCallInWebRequest [01]\z/)
    end
  end
end
