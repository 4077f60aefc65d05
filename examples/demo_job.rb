# frozen_string_literal: true

# The demo as a background job: a plain class; demo_worker.rb makes it Sidekiq's.
require "json"
require_relative "restricted_namespace"
require_relative "rollout"
require_relative "one_off_pod"
require_relative "many_pods"

# Runs the steps one after the other and writes what each did, and how long it took, as a line of JSON.
class DemoJob
  def perform(kubeconfig, output, pods)
    ENV["KUBECONFIG"] = kubeconfig
    File.open(output, "a") do |file|
      @file = file
      @client = Cluster.client
      @namespace = "demo-#{Process.pid}"
      steps(pods)
    ensure
      step("clean up") { @client.delete_namespace(@namespace) && "namespace #{@namespace} is being deleted" }
      say(done: true)
    end
  end

  private

  def steps(pods)
    step("server version") { @client.server_version["gitVersion"] }
    token = step("restricted namespace", ->(made) { "token of #{made.bytesize} bytes" }) { RestrictedNamespace.make(@client, @namespace) }
    step("what the token may do") { probe(token) }
    step("roll out 5 replicas") { running(5) }
    step("one-off pod") { OneOffPod.run(@client, @namespace) { |line| say(log: line) } }
    step("make #{pods} pods") { ManyPods.make(@client, @namespace, pods) && "8 threads, one client" }
    step("list them") { format("%d pods: %s", *ManyPods.list(@client, @namespace)) }
  end

  def probe(token)
    RestrictedNamespace.probe(Cluster.client_with_token(token), @namespace).map { |where, answer| "#{where}: #{answer}" }.join(", ")
  end

  def running(replicas)
    names = []
    Rollout.make(@client, @namespace, replicas: replicas) { |name| names << name }
    "#{names.size} running"
  end

  def step(name, show = :to_s.to_proc)
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    result = yield
    say(step: name, ms: ((Process.clock_gettime(Process::CLOCK_MONOTONIC) - start) * 1000).round(1), result: show.call(result))
    result
  rescue StandardError => e
    say(step: name, failed: e.class.name, result: e.message)
    raise
  end

  def say(line)
    @file.puts(JSON.generate(line))
    @file.flush
  end
end
