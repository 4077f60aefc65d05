# frozen_string_literal: true

require_relative "failure"
require_relative "slot"

module GitlabKube
  module ReactiveCaching
    # What happens after a failure: it is recorded beside the last value, and says when to try again.
    # @api private
    module Setback
      class << self
        # @param slot [Slot]
        # @param error [StandardError]
        # @param before [Snapshot] of a key that lives
        # @param delay [Numeric, nil] seconds until the next try; nil to back off
        # @return [Numeric] the delay
        def record(slot, error, before, delay: nil)
          times = (before.failure&.times || 0) + 1
          delay ||= back_off(slot, error, times)
          failure = failed_now(error, times, delay)
          slot.engine.write(slot.failure_key, failure.bytes(before.life), Slot::RETENTION)
          slot.engine.write(slot.key, before.stored.bytes, Slot::RETENTION) if before.stored && before.age > Slot::RETENTION / 2
          ReactiveCaching.failed(error, slot.key, failure)
          delay
        end

        private

        def failed_now(error, times, delay)
          now = Time.now.to_f
          Failure.new(Failure.code_of(error), now, times, now + delay)
        end

        # The interval, doubled with each failure up to the lifetime, a tenth earlier or later so that keys do not march in step.
        def back_off(slot, error, times)
          longest = [slot.lifetime, slot.interval].max
          delay = [slot.interval * (2**[times - 1, 16].min), longest].min * rand(0.9..1.1)
          asked = error.retry_after if error.respond_to?(:retry_after)
          asked.is_a?(Numeric) ? [delay, asked.clamp(0, longest)].max : delay
        end
      end
    end
  end
end
