# frozen_string_literal: true

# Watching: events of a watch and lines of a log at full speed, and the time to the first item of a list and of a watch
require_relative "support/contest"
require_relative "support/server"

server = Bench::Server.new
report = Bench::Report.new("watching")

# Native, kubeclient and client-go, each reading `count` things.
race = lambda do |count, work, namespace, ours, theirs = ours|
  contest = Bench::Contest.new(rounds: 3, server: server)
  { "native" => [:native, ours], "kubeclient" => [:kubeclient, theirs] }.each do |name, (maker, reading)|
    contest.entrant(name) do
      client = server.public_send(maker)
      -> { reading.call(client) == count ? nil : raise("#{name} did not see #{count}") }
    end
  end
  contest.command("client-go typed", *server.client_go(work, namespace))
  contest.run
end
rates = lambda do |title, count, results|
  report.table(title, results)
  report.note("#{title}, each second", results.transform_values { |result| (count / result.median).round }.inspect)
end

# kubeclient's streams have `each` with a block, and nothing else.
counted = lambda do |stream, &seen|
  sum = 0
  stream.each { |one| sum += 1 if seen.call(one) }
  sum
end
count = ->(client) { counted.call(client.watch_pods(namespace: "n5000")) { |notice| notice.type == "MODIFIED" } }
touch = lambda do |client|
  counted.call(client.watch_pods(namespace: "n5000")) { |notice| notice.object.metadata.name && notice.object.status.phase }
end
events = race.call(5_000, "watch", "n5000", count)
rates.call("5,000 events of a watch", 5_000, events)
report.ratio("watch: events each second, native over kubeclient", events, "kubeclient", "native", at_least: 20)
rates.call("5,000 events, name and phase of each", 5_000, race.call(5_000, "watch", "n5000", touch))

lines = ->(client) { counted.call(client.watch_pod_log("x", "n100000"), &:itself) }
rates.call("100,000 lines of a followed log", 100_000, race.call(100_000, "log", "n100000", lines))

first = Bench::Contest.new(rounds: 5, server: server)
limits = { decoded_bytes: 1 << 30, wire_bytes: 1 << 30 }
{
  "native, streaming pluck of 10,000" => lambda do |client|
    client.core_client.pluck("pods", "metadata.name", namespace: "g10000") { |name| break name }
  end,
  "native, first page of 500" => ->(client) { client.core_client.each_page("pods", namespace: "g10000", limit: 500).first.first },
  "native, list of 10,000" => ->(client) { client.get_pods(namespace: "g10000").first.metadata.name },
  "native, watch" => ->(client) { client.watch_pods(namespace: "n100") { |notice| break notice.type } }
}.each do |name, work|
  first.entrant(name) do
    client = server.native(limits: limits)
    -> { work.call(client) && nil }
  end
end
{
  "kubeclient, list of 5,000" => ->(client) { client.get_pods(namespace: "g5000").first.metadata.name },
  "kubeclient, watch" => ->(client) { client.watch_pods(namespace: "n100") { |notice| break notice.type } }
}.each do |name, work|
  first.entrant(name) do
    client = server.kubeclient
    -> { work.call(client) && nil }
  end
end
report.table("time to the first item", first.run)
report.save
