# frozen_string_literal: true

# Growth: the time of lists of 1 to 50,000 pods, drawn in docs/growth.svg
require_relative "support/chart"
require_relative "support/contest"
require_relative "support/server"

server = Bench::Server.new
report = Bench::Report.new("growth")
sizes = [1, 10, 100, 500, 1_000, 5_000, 10_000, 25_000, 50_000]
client = server.native(limits: { decoded_bytes: 1 << 30, wire_bytes: 1 << 30 })
times = sizes.to_h do |size|
  rounds = Array.new(size < 1_000 ? 200 : 5) do
    GC.start
    Bench.seconds { client.get_pods(namespace: "n#{size}").size == size or raise "not #{size} pods" }
  end
  [size, Bench.median(rounds) * 1000]
end
report.note("ms for each number of pods", times.transform_values { |ms| ms.round(2) }.inspect)
exponents = times.to_a.each_cons(2).map { |(n, a), (m, b)| Math.log(b / a) / Math.log(m.fdiv(n)) }
report.note("exponents between neighbours", exponents.map { |exponent| exponent.round(2) }.inspect)
large = times.to_a.last(5)
xs = large.map { |n, _| Math.log(n) }
ys = large.map { |_, ms| Math.log(ms) }
mean = ->(values) { values.sum / values.size }
slope = xs.zip(ys).sum { |x, y| (x - mean[xs]) * (y - mean[ys]) } / xs.sum { |x| (x - mean[xs])**2 }
report.bar("exponent from 1,000 to 50,000 pods", slope, at_most: 1.05)
File.write(File.expand_path("../docs/growth.svg", __dir__),
           Bench::Chart.new("Time to list pods of 12 kB", times, across: "pods", upward: "milliseconds").to_svg)
report.save
