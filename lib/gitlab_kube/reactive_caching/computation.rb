# frozen_string_literal: true

require_relative "errors"
require_relative "slot"

module GitlabKube
  module ReactiveCaching
    # One value, computed for one life of its key and kept, unless the world has moved on meanwhile.
    # @api private
    class Computation
      # @return [Stored, nil] what was kept
      attr_reader :kept

      # @param before [Snapshot] of a key that lives
      def initialize(record, args, slot, before)
        @record = record
        @args = args
        @slot = slot
        @before = before
      end

      # @param permitted [#call] asked last of all: a holder whose lease has ended keeps nothing
      # @yieldreturn [Object] the value
      # @return [Numeric, nil] when to come again, in seconds
      # @raise [StandardError] what the block raises, a value that is too large, a cache that does not take it
      def call(permitted: -> { true })
        started = Time.now.to_f
        fresh = Stored.of(yield, life: @before.life, refreshed_at: started)
        check(fresh)
        now = @slot.look
        return (0 if now.life) unless now.life&.id == @before.life.id # cleared meanwhile: a new life wants a value of its own
        return @slot.interval if now.stored && now.stored.refreshed_at > started # our lease ended, another was quicker

        keep(fresh, now.stored) if permitted.call
        @slot.interval
      end

      private

      def check(fresh)
        limit = @record.class.reactive_cache_hard_limit
        return unless limit && fresh.bytesize > limit

        raise ExceededReactiveCacheLimit, "the value has #{fresh.bytesize} bytes, the limit is #{limit.to_i}"
      end

      def keep(fresh, former)
        @slot.engine.write(@slot.key, fresh.bytes, Slot::RETENTION) or
          raise NotStored, "the cache did not take #{fresh.bytes.bytesize} bytes"
        @kept = fresh
        @record.send(:reactive_cache_updated, *@args) unless former && fresh.same_value?(former)
      end
    end
  end
end
