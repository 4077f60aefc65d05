# frozen_string_literal: true

# Memory: 10,000 lists and 1,000 dropped watches leave nothing behind
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
report.save
