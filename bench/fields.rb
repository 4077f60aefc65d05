# frozen_string_literal: true

# Fields: name and phase of 5,000 pods, and everything of them, against kubeclient and client-go
require_relative "support/listing"

server = Bench::Server.new
report = Bench::Report.new("fields")

two = Bench::Listing.new(server, "g5000", rounds: 3)
two.native("native, pluck") { |list| list.pluck("metadata.name", "status.phase").size }
two.streaming("native, streaming pluck", "metadata.name", "status.phase")
two.native("native, each item touched") { |list| list.map { |pod| [pod.metadata.name, pod.status.phase] }.size }
two.kubeclient("kubeclient") { |list| list.map { |pod| [pod.metadata.name, pod.status.phase] }.size }
two.kubeclient("kubeclient :parsed", as: :parsed) do |list|
  list["items"].map { |pod| [pod["metadata"]["name"], pod["status"]["phase"]] }.size
end
two.client_go("client-go typed", "touch")
plucked = two.run
report.table("name and phase of 5,000 pods, gzip", plucked)
report.ratio("name and phase: kubeclient over native", plucked, "kubeclient", "native, pluck", at_least: 45)

all = Bench::Listing.new(server, "g5000", rounds: 3)
all.native("native", &:as_json)
all.kubeclient("kubeclient") { |list| list.map(&:to_h) }
all.kubeclient("kubeclient :parsed", as: :parsed) { |list| list["items"] }
# Whoever leaves the collector more to do pays for it here.
all.native("native, then a collection") { |list| list.as_json.tap { GC.start } }
all.kubeclient("kubeclient :parsed, then a collection", as: :parsed) { |list| list["items"].tap { GC.start } }
touched = all.run
report.table("every field of 5,000 pods, gzip", touched)
report.ratio("every field: kubeclient over native", touched, "kubeclient", "native", at_least: 12)
report.ratio("every field: kubeclient :parsed over native", touched, "kubeclient :parsed", "native", at_least: 2)
report.ratio("every field and a collection: kubeclient :parsed over native", touched, "kubeclient :parsed, then a collection",
             "native, then a collection", at_least: 2)
report.save
