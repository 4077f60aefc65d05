# frozen_string_literal: true

# Small calls: a 1 kB GET, 25 threads of them, and 25 threads that list 100 pods
require "json"
require_relative "support/contest"
require_relative "support/server"

server = Bench::Server.new
report = Bench::Report.new("calls")

{ "on the server's core" => 0, "across cores" => 1 }.each do |where, core|
  near = Bench::Server.new.pinned(0)
  one = Bench::Contest.new(rounds: 11, server: near, core: core)
  { "native h1" => { http2: false }, "native" => {} }.each do |name, options|
    one.entrant(name) do
      client = near.native(**options)
      -> { 500.times { client.get_pod("x", "n1") } }
    end
  end
  one.entrant("kubeclient") do
    client = near.kubeclient
    -> { 500.times { client.get_pod("x", "n1") } }
  end
  one.entrant("Net::HTTP kept alive") do
    http = near.http
    -> { 500.times { JSON.parse(http.get("/api/v1/namespaces/n1/pods/x").body) } }
  end
  one.command("client-go typed", *near.client_go("get", "n1")) # 300 of them
  results = one.run
  report.table("500 GETs of 1 kB, #{where} (client-go: 300)", results)
  native = results.fetch("native")
  report.note("objects for each GET", native.median(:objects) / 500)
  report.bar("1 kB GET, #{where}: kubeclient over native", results.fetch("kubeclient").median / native.median, at_least: 10, unit: "×")
  report.bar("1 kB GET, #{where}: native over kept-alive Net::HTTP", native.median / results.fetch("Net::HTTP kept alive").median,
             at_most: 1, unit: "×")
end

# 25 threads for a while; how often each second.
rate = lambda do |seconds, &call|
  ends = Bench.now + seconds
  { rate: Array.new(25) { Thread.new { (1..).find { call.call && Bench.now > ends } } }.sum(&:value) / seconds }
end
median = ->(result) { Bench.median(result.rounds.map { |round| round[:extra][:rate] }) }
versus = lambda do |title, bar, ours, theirs|
  contest = Bench::Contest.new(rounds: 3)
  { "native" => :native, "kubeclient" => :kubeclient }.each do |name, maker|
    contest.entrant(name) do
      client = server.public_send(maker)
      work = name == "native" ? ours : theirs
      -> { rate.call(3) { work.call(client) } }
    end
  end
  rates = contest.run.transform_values(&median)
  report.note("#{title}, each second", rates.transform_values(&:round).inspect)
  report.bar("#{title}: native over kubeclient", rates["native"] / rates["kubeclient"], at_least: bar, unit: "×")
end
get = ->(client) { client.get_pod("x", "n1") }
versus.call("25 threads, GETs", 60, get, get)
versus.call("25 threads, 100 pods, name and phase of each", 20,
            ->(client) { client.get_pods(namespace: "g100").pluck("metadata.name", "status.phase") },
            ->(client) { client.get_pods(namespace: "g100").map { |pod| [pod.metadata.name, pod.status.phase] } })
report.save
