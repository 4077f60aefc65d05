# frozen_string_literal: true

# Other threads: the longest pause of a thread that ticks every millisecond while another lists 10,000 pods
require_relative "support/report"
require_relative "support/server"

server = Bench::Server.new
report = Bench::Report.new("ticks")
limits = { decoded_bytes: 1 << 30, wire_bytes: 1 << 30 }

# The longest time between two ticks while the block runs once.
pause = lambda do |&work|
  GC.start
  worker = Thread.new(&work)
  longest = 0
  last = Bench.now
  while worker.alive?
    sleep 0.001
    longest = [longest, (tick = Bench.now) - last].max
    last = tick
  end
  worker.value
  longest * 1000
end

client = server.native(limits: limits)
client.get_pod("x", "n1")
{
  "list" => -> { client.get_pods(namespace: "g10000").size },
  "list, plain" => -> { client.get_pods(namespace: "n10000").size },
  "list and pluck" => -> { client.get_pods(namespace: "g10000").pluck("metadata.name", "status.phase").size },
  "idle" => -> { sleep 0.5 }
}.each do |name, work|
  pauses = Array.new(7) { pause.call(&work) }
  report.note("#{name}: all pauses, ms", pauses.map { |ms| ms.round(1) }.inspect)
  report.bar("#{name}: longest pause", Bench.median(pauses), at_most: 5, unit: " ms")
end
report.save
