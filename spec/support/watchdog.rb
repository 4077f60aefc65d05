# frozen_string_literal: true

# Ends an example that hangs, naming it and where each thread stood, so that CI says more than "stopped after 15 minutes".
# One thread for the whole run; a limit that no healthy example comes near, on however slow a machine. One that is told to take
# longer says so: `hangs_after: 3600`.
module Watchdog
  LIMIT = Integer(ENV.fetch("WATCHDOG") { ENV["GC_STRESS"] ? 500 : 180 }) # seconds

  # What a hung example fails with. Not a StandardError: nothing in the example may rescue it.
  class Hung < Exception # rubocop:disable Lint/InheritException
  end

  module_function

  def watch(example)
    @watching ||= Thread.new(Thread.current) { |main| bark_at(main) }
    @current = [example, now]
    yield
  ensure
    @current = nil
  end

  def bark_at(main)
    loop do
      sleep 1
      example, since = @current
      limit = example&.metadata&.fetch(:hangs_after, LIMIT)
      next unless limit && now - since > limit

      @current = nil
      main.raise(Hung, "hung for #{limit} s\n#{stands}")
    end
  end

  def stands
    Thread.list.map { |thread| "#{thread.inspect}\n  #{thread.backtrace&.first(8)&.join("\n  ")}" }.join("\n")
  end

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end
