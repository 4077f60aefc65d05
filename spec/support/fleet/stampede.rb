# frozen_string_literal: true

# Reads one cold key with a thousand threads at once, and prints how many of them were answered.
require_relative "app"

Sidekiq.logger.level = Logger::FATAL
Redis.silence_deprecations = true if Redis.respond_to?(:silence_deprecations=) # of Sidekiq 6 with redis 4.8
gate = Queue.new
threads = Array.new(1000) { Thread.new { gate.pop && SlowThing.new("cold").with_reactive_cache.nil? } }
1000.times { gate << true }
puts threads.count(&:value)
