# frozen_string_literal: true

# Reads one cold key with a thousand threads at once, and prints how many of them were answered.
require_relative "app"

Sidekiq.logger.level = Logger::FATAL
gate = Queue.new
threads = Array.new(1000) { Thread.new { gate.pop && SlowThing.new("cold").with_reactive_cache.nil? } }
1000.times { gate << true }
puts threads.count(&:value)
