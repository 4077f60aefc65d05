# frozen_string_literal: true

# Lists: 5,000 pods of 12 kB untouched, against kubeclient, Net::HTTP, client-go, and the bytes alone
require_relative "support/listing"

server = Bench::Server.new
report = Bench::Report.new("lists")
body = 60_056_884 # bytes of the plain list

untouched = Bench::Listing.new(server, "g5000", rounds: 3)
untouched.native("native", &:size)
untouched.kubeclient("kubeclient", &:size)
untouched.kubeclient("kubeclient :parsed", as: :parsed) { |list| list["items"].size }
untouched.kubeclient("kubeclient :raw", as: :raw, &:bytesize)
untouched.net_http("Net::HTTP + JSON") { |list| list["items"].size }
untouched.client_go("client-go typed", "typed")
untouched.client_go("client-go raw", "raw")
results = untouched.run
report.table("5,000 pods, gzip, untouched", results)
report.ratio("untouched: kubeclient over native", results, "kubeclient", "native", at_least: 50)
report.ratio("untouched: kubeclient :parsed over native", results, "kubeclient :parsed", "native", at_least: 12)
report.ratio("untouched: Net::HTTP + JSON.parse over native", results, "Net::HTTP + JSON", "native", at_least: 12)
report.ratio("untouched: client-go typed over native", results, "client-go typed", "native", at_least: 10)
report.bar("untouched: Ruby objects", results.fetch("native").median(:objects), at_most: 50)

{ "n5000" => "plain", "r5000" => "gzip, hardly compressible" }.each do |namespace, words|
  floor = Bench::Listing.new(server, namespace, rounds: 7)
  floor.native("native h1", http2: false, &:size)
  floor.native("native h2", http2: true, &:size)
  %w[h1 h2].each { |protocol| floor.floor("floor: hyper #{protocol}, not unpacked", protocol) }
  floor.floor("floor: reqwest", "reqwest")
  floor.client_go("client-go raw", "raw")
  bytes = floor.run
  report.table("5,000 pods, #{words}", bytes)
  next unless bytes.size == 6

  best = ->(name) { bytes.select { |entrant, _| entrant.start_with?(name) }.values.map(&:median).min }
  report.bar("#{words}: native over reqwest", best["native"] / best["floor: reqwest"], at_most: 1.15, unit: "×")
  next unless namespace == "n5000"

  report.note("plain: native over the faster hyper", "#{(best['native'] / best['floor: hyper']).round(2)}×")
  report.bar("plain: peak over the body", bytes.fetch("native h2").median(:peak).fdiv(body), at_most: 1.3, unit: "×")
end
report.save
