# frozen_string_literal: true

require_relative "../clock"
require_relative "slot"

module GitlabKube
  module ReactiveCaching
    # The right to watch for one life of a key: one holder among all processes, for as long as it renews it.
    #
    # The lease itself is where leases are (Redis). Beside the value there is a sign of it, which readers see without asking Redis: when
    # it fades, they send a job, and the process that gets it takes the lease, which has ended by then.
    # @api private
    class WatchLease
      include Clock

      # @return [WatchLease, nil] nil when somebody has it
      # @raise [StandardError] what Redis raises
      def self.obtain(slot, life)
        lease = new(slot, life)
        lease if lease.obtain
      end

      # @return [Life]
      attr_reader :life

      def initialize(slot, life)
        @slot = slot
        @engine = slot.engine
        @life = life
        @key = "#{slot.key}:watch:#{life.id.unpack1('H*')}"
        @seconds = slot.watch_lease
      end

      # @return [Boolean]
      def obtain
        asked = now
        @token = @engine.obtain(@key, @seconds) or return false
        @until = asked + @seconds
        true
      end

      # @return [Float] how long it lasts, in seconds, when it is not renewed
      attr_reader :seconds

      # @return [Boolean] whether it is ours still. Where nobody can say, it is until the end that was agreed on
      def renew
        asked = now
        return false unless @engine.renew(@key, @token, @seconds)

        @until = asked + @seconds
        true
      rescue StandardError
        now < @until
      end

      # Shows readers that somebody watches.
      # @return [void]
      def show
        @engine.write(@slot.watched_key, Snapshot.sign(@life), @seconds)
      rescue StandardError
        nil # the next beat tries again, and readers at worst send a job that finds the lease taken
      end

      # @return [void]
      def hide
        @engine.delete(@slot.watched_key)
      end

      # @return [Boolean] whether it was ours still
      def release
        @engine.release(@key, @token)
      end
    end
  end
end
