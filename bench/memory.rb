# frozen_string_literal: true

# Memory: 10,000 lists, 1,000 dropped watches and two minutes of 25 threads that list leave nothing behind
require_relative "support/report"
require_relative "support/server"

server = Bench::Server.new
report = Bench::Report.new("memory")
client = server.native

# The median of the memory in the last tenth of the rounds over that in the second.
growth = lambda do |rounds, &work|
  samples = Array.new(rounds) { work.call && Bench.rss }
  tenths = samples.each_slice(rounds / 10).map { |tenth| Bench.median(tenth) }
  report.note("MB in each tenth", tenths.map { |bytes| bytes >> 20 }.inspect)
  tenths.last.fdiv(tenths[1])
end
listed = growth.call(10_000) { client.get_pods(namespace: "g100").first.metadata.name }
report.bar("10,000 lists of 100 pods", listed, at_most: 1.05, unit: "×")
dropped = growth.call(1_000) do
  client.watch_pods(namespace: "n1000") { break true }
end
report.bar("1,000 watches dropped after an event", dropped, at_most: 1.05, unit: "×")

# 25 threads list 100 pods and touch some of each, for as long as BENCH_SECONDS says.
seconds = Integer(ENV.fetch("BENCH_SECONDS", "120"))
ends = Bench.now + seconds
threads = Array.new(25) do
  Thread.new { (1..).find { client.get_pods(namespace: "g100").pluck("metadata.name") && Bench.now > ends } }
end
samples = []
samples << Bench.rss while sleep(0.5) && Bench.now < ends
report.note("25 threads: lists each second", threads.sum(&:value) / seconds)
tens = samples.each_slice(20).map { |ten| Bench.median(ten) }
report.note("25 threads: MB in each 10 s", tens.map { |bytes| bytes >> 20 }.inspect)
report.bar("25 threads listing: memory of the last 10 s over that after 20 s", tens[-1].fdiv(tens[2]), at_most: 1.05, unit: "×")
report.save
