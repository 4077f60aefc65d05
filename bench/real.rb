# frozen_string_literal: true

# Real: a list of 1,000 pods and GETs, answered by a real API server and etcd (testcluster)
require_relative "support/listing"
require_relative "support/real_server"

server = Bench::RealServer.new
report = Bench::Report.new("real")
server.fill("n1", 1_000)

list = Bench::Listing.new(server, "n1", rounds: 5)
list.native("native, untouched", &:size)
list.native("native, pluck") { |pods| pods.pluck("metadata.name", "status.phase").size }
list.streaming("native, streaming pluck, 250 a page", "metadata.name", "status.phase", limit: 250)
list.kubeclient("kubeclient", &:size)
list.kubeclient("kubeclient :parsed", as: :parsed) { |pods| pods["items"].size }
list.client_go("client-go typed", "typed")
list.client_go("client-go raw", "raw")
results = list.run
report.table("1,000 pods of a real API server", results)
report.ratio("list: kubeclient over native", results, "kubeclient", "native, untouched")
report.ratio("list: client-go typed over native", results, "client-go typed", "native, untouched")

gets = Bench::Contest.new(rounds: 5)
%i[native kubeclient].each do |maker|
  gets.entrant(maker.to_s) do
    client = server.public_send(maker)
    -> { 300.times { client.get_pod("x", "n1") } && nil }
  end
end
gets.command("client-go typed", *server.client_go("get", "n1"))
answers = gets.run
report.table("300 GETs of a pod from a real API server", answers)
report.ratio("GET: kubeclient over native", answers, "kubeclient", "native")
report.save
