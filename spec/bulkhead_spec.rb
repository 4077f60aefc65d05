# frozen_string_literal: true

require "gitlab_kube"
require_relative "contract/support/pki"
require_relative "support/eventually"
require_relative "support/kube_server"

RSpec.describe GitlabKube::Bulkhead do
  include Eventually

  let(:answers) { Queue.new }
  let(:status) { { now: 200 } }
  let(:server) do
    KubeServer.start do |request|
      answers.pop if request.path.end_with?("/slow")
      KubeServer.json({ kind: "Pod", metadata: { name: "a" } }, status: status[:now])
    end
  end
  let(:client) { KubeServer.client(server).core_client }

  after do
    GitlabKube.config.concurrency_limit = GitlabKube.config.circuit_breaker = nil
    answers.close
    server.stop
  end

  def get(name = "a", client: self.client)
    client.get("pods", name, namespace: "web")
  rescue GitlabKube::Error => e
    e.class
  end

  def calls
    server.seen.size
  end

  it "lets any number of calls pass where it is off" do
    threads = Array.new(4) { Thread.new { get("slow") } }
    eventually { calls == 4 }
    4.times { answers << :go }
    expect(threads.map(&:value)).to all(be_a(GitlabKube::Resource))
  end

  describe "of a number of calls" do
    before { GitlabKube.config.concurrency_limit = 2 }

    it "refuses the one too many at once, whichever client makes it, and sends nothing" do
      threads = Array.new(2) { Thread.new { get("slow") } }
      eventually { calls == 2 }
      expect(get(client: KubeServer.client(server).core_client)).to eq(GitlabKube::ConcurrencyLimitError)
      expect(calls).to eq(2)
      2.times { answers << :go }
      expect(threads.map(&:value)).to all(be_a(GitlabKube::Resource))
      expect(get).to be_a(GitlabKube::Resource)
    end

    it "gives the place back after a failure and after Thread#kill" do
      status[:now] = 500
      expect(Array.new(3) { get }).to all(eq(GitlabKube::ServerError))
      status[:now] = 200
      threads = Array.new(2) { Thread.new { get("slow") } }
      eventually { calls == 5 }
      threads.each(&:kill).each(&:join)
      expect(get).to be_a(GitlabKube::Resource)
    end

    it "counts each server for itself" do
      other = KubeServer.start { |_request| KubeServer.json({ kind: "Pod" }) }
      threads = Array.new(2) { Thread.new { get("slow") } }
      eventually { calls == 2 }
      expect(get(client: KubeServer.client(other).core_client)).to be_a(GitlabKube::Resource)
      threads.each(&:kill).each(&:join)
    ensure
      other.stop
    end

    it "begins anew in a forked child" do
      threads = Array.new(2) { Thread.new { get("slow") } }
      eventually { calls == 2 }
      child = fork { exit!(get.is_a?(GitlabKube::Resource) ? 0 : 1) }
      expect(Process.wait2(child).last).to be_success
      threads.each(&:kill).each(&:join)
    end
  end

  describe "that breaks the circuit" do
    let(:kube_client) { KubeServer.client(server) }

    it "calls a server no more after as many failures in a row, and says when to come back" do
      GitlabKube.config.circuit_breaker = { failures: 2, seconds: 30 }
      status[:now] = 503
      expect(Array.new(3) { get }).to eq([GitlabKube::ServerError, GitlabKube::ServerError, GitlabKube::CircuitOpenError])
      expect(calls).to eq(2)
      expect(kube_client.circuit).to eq(:open)
      expect { client.get("pods", "a", namespace: "web") }.to raise_error(GitlabKube::CircuitOpenError) { |error|
        expect(error.error_code).to be_nil
        expect(error.retry_after).to be_between(1, 30)
      }
      expect(GitlabKube::KubeClient.graceful_request(1) { kube_client.get_pods }).to include(status: :unreachable)
    end

    it "does not open for answers such as 404, nor for failures that are not in a row" do
      GitlabKube.config.circuit_breaker = { failures: 2, seconds: 30 }
      [404, 404, 404, 503, 404, 503, 200, 503].each { |code| (status[:now] = code) && get }
      expect(kube_client.circuit).to eq(:closed)
      expect(calls).to eq(8)
    end

    it "lets one call try when the time is up: its success closes the circuit, its failure opens it again" do
      GitlabKube.config.circuit_breaker = { failures: 1, seconds: 0.05 }
      status[:now] = 503
      get
      eventually { kube_client.circuit == :half_open }
      expect(get).to eq(GitlabKube::ServerError)
      eventually { kube_client.circuit == :half_open }
      status[:now] = 200
      probe = Thread.new { get("slow") }
      eventually { calls == 3 }
      expect(get).to eq(GitlabKube::CircuitOpenError)
      answers << :go
      expect(probe.value).to be_a(GitlabKube::Resource)
      expect(kube_client.circuit).to eq(:closed)
    end

    it "tries again after a probe that was killed" do
      GitlabKube.config.circuit_breaker = { failures: 1, seconds: 0.05 }
      status[:now] = 503
      get
      eventually { kube_client.circuit == :half_open }
      status[:now] = 200
      probe = Thread.new { get("slow") }
      eventually { calls == 2 }
      probe.kill.join
      expect(get).to be_a(GitlabKube::Resource)
    end

    it "does not hear calls that were under way when it opened: only the one that tries closes it" do
      GitlabKube.config.circuit_breaker = { failures: 1, seconds: 30 }
      early = Thread.new { get("slow") }
      eventually { calls == 1 }
      status[:now] = 503
      get
      status[:now] = 200
      answers << :go
      expect(early.value).to be_a(GitlabKube::Resource)
      expect(kube_client.circuit).to eq(:open)
    end

    it "does not open for a call that a web request cut short" do
      GitlabKube.config.circuit_breaker = { failures: 1, seconds: 30 }
      outcome = nil
      app = ->(_env) { [200, {}, [(outcome = get("slow")).to_s]] }
      GitlabKube::WebRequestGuard.new(app, mode: :bound, budget: 0.05).call({}).last.close
      expect(outcome).to eq(GitlabKube::TimeoutError)
      expect(kube_client.circuit).to eq(:closed)
    end

    it "does not open the agent server's for one agent that is away: all agents share its URL" do
      expect(described_class::Circuit.verdict(GitlabKube::AgentUnavailableError.new(502), patient: true)).to eq(:success)
      expect(described_class::Circuit.verdict(GitlabKube::ServerError.new(502), patient: true)).to eq(:failure)
    end

    it "is not opened for all by a client with another CA, or another way to the server" do
      pki = Pki.new
      tls = KubeServer.start(tls: pki.context) { KubeServer.json({ kind: "Pod", metadata: { name: "a" } }) }
      GitlabKube.config.circuit_breaker = { failures: 1, seconds: 30 }
      others = [{ ssl_options: { ca: Pki.new.ca.to_pem } }, { http_proxy_uri: "http://127.0.0.1:1" }]
      failed = others.map { |options| get(client: KubeServer.client(tls, **options).core_client) }
      expect(failed.first).to eq(GitlabKube::TlsError)
      expect(failed.last).not_to be_a(GitlabKube::Resource)
      expect(get(client: KubeServer.client(tls, ssl_options: { ca: pki.ca.to_pem }).core_client)).to be_a(GitlabKube::Resource)
    ensure
      tls&.stop
    end

    it "opens for a server that nobody listens at, and says of a blocked address that it is blocked all the same" do
      GitlabKube.config.circuit_breaker = { failures: 1, seconds: 30 }
      server.stop
      expect(get).to eq(GitlabKube::ConnectionRefusedError)
      expect(get).to eq(GitlabKube::CircuitOpenError)
      GitlabKube.config.local_requests_allowed = true
      blocked = GitlabKube::KubeClient.new(server.url).core_client
      GitlabKube.config.local_requests_allowed = false
      expect(get(client: blocked)).to eq(GitlabKube::BlockedUrlError)
    end
  end

  it "has switches that take nothing else", unchecked: true do
    [0, -1, 1.5, "10"].each do |limit|
      expect { GitlabKube.config.concurrency_limit = limit }.to raise_error(ArgumentError, /positive Integer/)
    end
    [{ failures: 5 }, { failures: 0, seconds: 1 }, { failures: 1, seconds: -1 }, { failures: 1, seconds: 1, more: 1 }, 5].each do |breaker|
      expect { GitlabKube.config.circuit_breaker = breaker }.to raise_error(ArgumentError, /failures: Integer/)
    end
  end
end
