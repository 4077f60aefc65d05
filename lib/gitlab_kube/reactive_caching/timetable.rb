# frozen_string_literal: true

require_relative "../clock"

module GitlabKube
  module ReactiveCaching
    # When a watch computes: soon after a change, not for each change of a burst, and not again before the cluster had a rest. Pure: it
    # counts, and never sleeps.
    # @api private
    class Timetable
      # Seconds a burst has to come to its end.
      SETTLE = 0.05
      # The least seconds from one computation to the next.
      SPACING = 0.5
      # The longest pause, in seconds.
      PAUSE = 1.0

      # @param interval [Numeric] seconds from one look at what is stored to the next
      # @param clock [#call] seconds, monotonic
      def initialize(interval, clock: Clock.method(:now))
        @interval = interval
        @clock = clock
        @changed_at = now # nothing is computed yet
        @rest_until = now
        @check_at = now + interval
      end

      # @return [void]
      def changed
        @changed_at = now if @changed_at.nil? # the first of a burst
      end

      # A computation begins; what changes from here on, it may not have seen.
      # @return [void]
      def began
        @changed_at = nil
        @began_at = now
      end

      # It has ended. What takes long is done less often: computing has half of the time at most.
      # @return [void]
      def ended
        @rest_until = @began_at + [SPACING, (now - @began_at) * 2].max
      end

      # @param delay [Numeric] seconds until the next try
      # @return [void]
      def failed(delay)
        changed
        @rest_until = now + delay
      end

      # @return [Boolean] whether to compute now
      def due?
        @changed_at ? due_at <= now : false
      end

      # @return [Boolean] whether to look at what is stored, once for each interval
      def check?
        return false if now < @check_at

        @check_at = now + @interval
        true
      end

      # @return [Float] how long there is nothing to do
      def pause
        @changed_at ? (due_at - now).clamp(0.001, PAUSE) : PAUSE
      end

      private

      def due_at
        [@changed_at + SETTLE, @rest_until].max
      end

      def now
        @clock.call
      end
    end
  end
end
