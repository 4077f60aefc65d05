# frozen_string_literal: true

# Streaming: memory and time of plucking 50,000 pods while they come, against plucking the whole list
require_relative "support/listing"

server = Bench::Server.new
report = Bench::Report.new("streaming")
columns = ["metadata.name", "status.phase"]

# No turn for warming up: the first list of a process is the one whose memory is asked for.
{ "g50000" => "gzip", "n50000" => "plain" }.each do |namespace, words|
  listing = Bench::Listing.new(server, namespace, rounds: 2, warm: false)
  listing.streaming("streaming", *columns)
  listing.streaming("streaming, slow block", *columns, pause: 0.01)
  listing.streaming("streaming, 500 a page", *columns, limit: 500)
  listing.native("whole list, pluck") { |list| list.pluck(*columns).size }
  results = listing.run
  report.table("name and phase of 50,000 pods, #{words}", results)
  results.each do |name, result|
    next unless name.start_with?("streaming")

    raise "#{name} lost rows" unless result.rounds.all? { |round| round[:extra][:count] == 50_000 }

    report.bar("#{words}, #{name}: extra memory", result.rounds.map { |round| round[:peak] }.max / 1e6, at_most: 16, unit: " MB")
  end
end
report.save
