# frozen_string_literal: true

# The demo's second half: a page of the cluster's pods that is read while they change, and while the cluster stands still.
require "net/http"
require_relative "restricted_namespace"
require_relative "rollout"

# Reads the page as browsers do, and says what it saw and how long that took.
class DemoPage
  READS = 2000

  # @param url [String] the page's
  # @param freeze [#call, nil] stops the cluster (true) and lets it go on (false); nil when that is not ours to do
  # @yieldparam fact [Hash] a line of the demo
  def initialize(url, client, freeze, &say)
    @url = URI(url)
    @client = client
    @freeze = freeze
    @say = say
    @namespace = "page-#{Process.pid}"
  end

  # @yield when everything has been said, while the pods are still there
  def run
    step("open the page") { get && @url.to_s }
    roll_out
    step("read it") { reads }
    @freeze ? frozen : @say.call(step: "freeze the cluster", result: "left out: it is not the demo's own")
    yield
  ensure
    @client.delete_namespace(@namespace)
  end

  private

  def roll_out
    @client.create_namespace(metadata: { name: @namespace })
    sleep 0.05 while @client.core_client.get_service_accounts(namespace: @namespace).empty?
    Rollout.make(@client, @namespace, replicas: 5) { |_name| nil }
    step("all 5 pods are on it") { wait_for(/>5 of 5</) && "without a call to the cluster from the web" }
  end

  def frozen
    @freeze.call(true)
    step("the page has noticed") { wait_for(/The last look failed/)[%r{The last look failed: <code>(.*?)</code>}, 1] }
    step("read it, frozen") { reads }
  ensure
    @freeze.call(false)
    step("the page is live again") { wait_for(/id="notice" hidden/) && "the cluster goes on" }
  end

  # @return [String] how many reads were answered with the pods, and how quickly
  def reads
    times = Net::HTTP.start(@url.host, @url.port) do |http|
      Array.new(READS) { seconds { http.get("/#{@namespace}").body.include?(">5 of 5<") or raise "a read without the pods" } }
    end
    format("%d reads, all answered: median %.2f ms, 99 of 100 within %.2f ms", READS, *times.sort.values_at(READS / 2, READS * 99 / 100))
  end

  def seconds
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC, :float_millisecond)
    yield
    Process.clock_gettime(Process::CLOCK_MONOTONIC, :float_millisecond) - start
  end

  def wait_for(words, tries = 3000)
    tries.times do
      body = get("/#{@namespace}")
      return body if body.match?(words)

      sleep 0.02
    end
    raise "the page does not say #{words.source}"
  end

  def get(path = "/")
    Net::HTTP.get(URI.join(@url, path)).force_encoding("UTF-8")
  end

  def step(name)
    result = nil
    time = seconds { result = yield }
    @say.call(step: name, ms: time.round(1), result: result)
  end
end
