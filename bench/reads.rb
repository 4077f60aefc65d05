# frozen_string_literal: true

# Reads of a cached page: 10,000 through Puma while the cluster hangs, refuses, answers 500 and is gone, beside the page without a cache
#
# A read takes microseconds: on a machine that others keep busy, `chrt --rr 1 rake bench:reads` measures it and not them.
require "net/http"
require_relative "../examples/support/stack"
require_relative "../spec/support/failing_cluster"
require_relative "support/bare_state"
require_relative "support/report"

reads = Integer(ENV.fetch("READS", 10_000))
report = Bench::Report.new("reads")
cluster = FailingCluster.new(Bench::BareState::PODS)
ENV["KUBECONFIG"] = cluster.kubeconfig
ENV["REFRESH"] = "0.5"

# Within which time half of them were answered, and 99 of 100.
quantiles = ->(seconds, scale) { seconds.sort.values_at(reads / 2, reads * 99 / 100).map { |one| (one * scale).round(2) } }

# Breaks the cluster in each way. `told` gives the code that the reader is shown, "" when there is none, nil while there is no value.
each_failure = lambda do |told, &measure|
  { well: "", **FailingCluster::MODES }.each do |mode, code|
    cluster.become(mode)
    sleep 0.02 until told.call == code
    measure.call(mode) unless mode == :well
  end
end

# One read of each page, in turn, so that what else the machine does hits both.
through_puma = lambda do |http|
  times = Array.new(reads) do
    %w[/cached/ /bare/].map do |path|
      Bench.seconds { http.get(path).body.include?("web-19") or raise "a read of #{path} without the pods" }
    end
  end
  times.transpose.map { |seconds| quantiles.call(seconds, 1000) }
end

{ "Redis" => true, "embedded" => false }.each do |engine, redis|
  stack = Stack.new
  stack.redis && stack.sidekiq(File.expand_path("../examples/web/cluster_state.rb", __dir__)) if redis
  url = URI(stack.puma(File.expand_path("support/pages.ru", __dir__)))
  Net::HTTP.start(url.host, url.port) do |http|
    told = -> { http.get("/cached/").body.then { |page| page[%r{<code>(.*?)</code>}, 1].to_s if page.include?("web-19") } }
    over = []
    each_failure.call(told) do |mode|
      cached, bare = through_puma.call(http)
      report.note("#{engine}, #{mode}: #{reads} reads answered; ms median/p99", "#{cached.join('/')}, without a cache #{bare.join('/')}")
      over << (cached.last - bare.last)
    end
    report.bar("#{engine}: p99 of the page over the page without a cache, the worst of four", over.max, at_most: 1, unit: " ms")
  end
ensure
  stack.stop
end

require_relative "../examples/web/cluster_state"
state = ClusterState.new
slowest = []
each_failure.call(-> { state.with_reactive_cache && state.reactive_cache_error&.code.to_s }) do |mode|
  GC.start
  swept = 0
  times = Array.new(reads) do
    freed = GC.stat(:total_freed_objects)
    seconds = Bench.seconds { state.with_reactive_cache or raise "a read without a value" }
    swept += 1 if GC.stat(:total_freed_objects) > freed
    seconds
  end
  median, p99 = quantiles.call(times, 1_000_000)
  report.note("in the process, #{mode}: #{reads} reads answered; µs median/p99", "#{median}/#{p99}; Ruby's GC swept during #{swept}")
  slowest << p99
end
report.bar("in the process: p99 of a read, the worst of four", slowest.max, at_most: 50, unit: " µs")
cluster.stop
report.save
