# frozen_string_literal: true

# Lists: 5,000 pods of 12 kB untouched, plucked and touched, against kubeclient, Net::HTTP and the bytes alone
require "json"
require_relative "support/contest"
require_relative "support/server"

server = Bench::Server.new
report = Bench::Report.new("lists")
path = "/api/v1/namespaces/g5000/pods"
body = 60_056_884 # bytes of the plain list

# Entrants whose name tells what they do; `touch` is done with each answer.
native = lambda do |contest, name, namespace = "g5000", **options, &touch|
  contest.entrant(name) do
    client = server.native(**options)
    -> { touch.call(client.get_pods(namespace: namespace)) }
  end
end
kubeclient = lambda do |contest, name, as: :ros, &touch|
  contest.entrant(name) do
    client = server.kubeclient(as: as)
    -> { touch.call(client.get_pods(namespace: "g5000")) }
  end
end

ours = ->(list) { list.size }
untouched = Bench::Contest.new(rounds: 3)
native.call(untouched, "native", &ours)
kubeclient.call(untouched, "kubeclient", &:size)
kubeclient.call(untouched, "kubeclient :parsed", as: :parsed) { |list| list["items"].size }
untouched.entrant("Net::HTTP + JSON") do
  http = server.http
  -> { JSON.parse(http.get(path).body)["items"].size }
end
results = untouched.run
results.each do |name, result|
  report.note("untouched, #{name}", "#{result}, #{result.median(:objects)} objects, peak #{result.median(:peak) >> 20} MB")
end
over = ->(all, name, base = "native") { all.fetch(name).median / all.fetch(base).median }
report.bar("untouched: kubeclient over native", over.call(results, "kubeclient"), at_least: 50, unit: "×")
report.bar("untouched: kubeclient :parsed over native", over.call(results, "kubeclient :parsed"), at_least: 12, unit: "×")
report.bar("untouched: Net::HTTP + JSON.parse over native", over.call(results, "Net::HTTP + JSON"), at_least: 12, unit: "×")
report.bar("untouched: Ruby objects", results.fetch("native").median(:objects), at_most: 50)

floor = Bench::Contest.new(rounds: 9)
native.call(floor, "plain native h1", "n5000", http2: false, &ours)
native.call(floor, "plain native h2", "n5000", http2: true, &ours)
%w[h1 h2].each { |protocol| floor.command("floor #{protocol}", *server.floor("/api/v1/namespaces/n5000/pods", protocol)) }
plain = floor.run
plain.each { |name, result| report.note(name, result.to_s) }
best = plain.slice("floor h1", "floor h2").values.map(&:median).min
fastest = plain.slice("plain native h1", "plain native h2").values.map(&:median).min
report.bar("plain: native over the faster floor", fastest / best, at_most: 1.15, unit: "×")
report.bar("plain: peak over the body", plain.fetch("plain native h2").median(:peak).fdiv(body), at_most: 1.3, unit: "×")

pluck = Bench::Contest.new(rounds: 3)
native.call(pluck, "native") { |list| list.pluck("metadata.name", "status.phase").size }
kubeclient.call(pluck, "kubeclient") { |list| list.map { |pod| [pod.metadata.name, pod.status.phase] }.size }
plucked = pluck.run
plucked.each { |name, result| report.note("name and phase, #{name}", "#{result}, #{result.median(:objects)} objects") }
report.bar("name and phase: kubeclient over native", over.call(plucked, "kubeclient"), at_least: 45, unit: "×")

all = Bench::Contest.new(rounds: 3)
native.call(all, "native", &:as_json)
kubeclient.call(all, "kubeclient") { |list| list.map(&:to_h) }
kubeclient.call(all, "kubeclient :parsed", as: :parsed) { |list| list["items"] }
touched = all.run
touched.each { |name, result| report.note("every field, #{name}", "#{result}, #{result.median(:objects)} objects") }
report.bar("every field: kubeclient over native", over.call(touched, "kubeclient"), at_least: 12, unit: "×")
report.bar("every field: kubeclient :parsed over native", over.call(touched, "kubeclient :parsed"), at_least: 2, unit: "×")
report.save
