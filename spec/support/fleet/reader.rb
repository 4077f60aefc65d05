# frozen_string_literal: true

# Reads three values without pause, checks each, and tells twice a second what it saw: one JSON line.
require_relative "app"
require "json"

Sidekiq.logger.level = Logger::FATAL # its logger would write between our lines

seen = Hash.new(0)
changes = Hash.new(0)
wrong = []
reads = slowest = 0
told = Time.now
loop do
  3.times do |id|
    started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    value = FleetThing.new(id).with_reactive_cache
    slowest = [slowest, Process.clock_gettime(Process::CLOCK_MONOTONIC) - started].max
    reads += 1
    next if value.nil?

    wrong << "not whole" unless value["id"] == id && value["proof"] == FleetThing.proof(id, value["number"])
    wrong << "older than one read before" if value["number"] < seen[id] && !ENV["FORGETTING"]
    changes[id] += 1 if value["number"] != seen[id]
    seen[id] = value["number"]
  rescue StandardError => e
    wrong << "raised #{e.class}: #{e.message}"
  end
  sleep 0.005
  next if Time.now - told < 0.2

  told = Time.now
  $stdout.puts JSON.generate(reads: reads, changes: changes, wrong: wrong.first(5), slowest: slowest)
  $stdout.flush
end
