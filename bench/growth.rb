# frozen_string_literal: true

# Growth: the processor time of lists of 1 to 50,000 pods for each way to read them, its exponent, and its picture in docs/growth.svg
require_relative "support/chart"
require_relative "support/listing"

server = Bench::Server.new
report = Bench::Report.new("growth")
largest = Integer(ENV.fetch("BENCH_SIZES", "50000"))
sizes = [1, 10, 100, 1_000, 5_000, 10_000, 50_000].select { |size| size <= largest }

# What makes a Ruby object of every field stops earlier: it would take minutes, and most of the memory of a machine. "Collected" has
# in each turn the collection that its objects give reason for; else that is now in a turn, now in the pause between two.
entrants = {
  "native, untouched" => [50_000, ->(listing, name) { listing.native(name, &:size) }],
  "native, pluck" => [50_000, ->(listing, name) { listing.native(name) { |list| list.pluck("metadata.name", "status.phase").size } }],
  "native, streaming pluck" => [50_000, ->(listing, name) { listing.streaming(name, "metadata.name", "status.phase") }],
  "native, streaming, 500 a page" => [50_000, ->(listing, name) { listing.streaming(name, "metadata.name", limit: 500) }],
  "native, every field" => [5_000, ->(listing, name) { listing.native(name) { |list| list.as_json.size } }],
  "native, every field, collected" => [5_000, ->(listing, name) { listing.native(name) { |list| list.as_json.tap { GC.start }.size } }],
  "client-go typed" => [10_000, ->(listing, name) { listing.client_go(name, "typed") }],
  "kubeclient :parsed" => [5_000, ->(listing, name) { listing.kubeclient(name, as: :parsed) { |list| list["items"].size } }],
  "kubeclient" => [1_000, ->(listing, name) { listing.kubeclient(name, &:size) }]
}

series = Hash.new { |all, name| all[name] = {} }
sizes.each do |size|
  rounds = (2_000 / size).clamp(2, 50)
  listing = Bench::Listing.new(server, "g#{size}", rounds: rounds)
  entrants.each { |name, (most, enter)| enter.call(listing, name) if size <= most }
  # The least that a round cost: what else the machine does is not in it, as it would be in the time on the wall.
  listing.run.each { |name, result| series[name][size] = result.min(:cpu) * 1000 }
end

# The slope of the line through the points on logarithmic axes: least squares.
slope = lambda do |points|
  xs, ys = points.map { |size, ms| [Math.log(size), Math.log(ms)] }.transpose
  mean = ->(values) { values.sum / values.size }
  xs.zip(ys).sum { |x, y| (x - mean[xs]) * (y - mean[ys]) } / xs.sum { |x| (x - mean[xs])**2 }
end
exponents = series.transform_values do |points|
  large = points.select { |size, _| size >= 1_000 }
  slope.call(large).round(3) if large.size > 1
end
puts "", "| CPU ms for so many pods | #{sizes.map { |size| Bench.grouped(size) }.join(' | ')} | exponent |"
puts "|---#{'|---' * sizes.size}|---|"
series.each do |name, points|
  cells = sizes.map { |size| points[size]&.round(points[size] < 10 ? 2 : 0) || "–" }
  puts "| #{name} | #{cells.join(' | ')} | #{exponents[name] || '–'} |"
end
puts
series.each { |name, points| report.note("#{name}, CPU ms", points.transform_values { |ms| ms.round(2) }) }
exponents.compact.each do |name, exponent|
  claim = "#{name}: exponent from 1,000 pods on"
  name.start_with?("native") ? report.bar(claim, exponent, at_most: 1.05) : report.note(claim, exponent)
end
if sizes.last == 50_000 && series.size == entrants.size
  File.write(File.expand_path("../docs/growth.svg", __dir__),
             Bench::Chart.new("Processor time to list pods of 12 kB (gzip)", series, across: "pods", upward: "milliseconds").to_svg)
end
report.save
