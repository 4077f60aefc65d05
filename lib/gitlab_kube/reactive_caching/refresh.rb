# frozen_string_literal: true

require_relative "../report"
require_relative "errors"
require_relative "slot"

module GitlabKube
  module ReactiveCaching
    # Computes one value anew, alone, and sees to it that it is computed again.
    # @api private
    class Refresh
      # What a job does. An error that was recorded is tried again by the cache itself and does not come out.
      # @param class_name [String]
      # @param id [Object] what the class's finder takes
      # @return [void]
      def self.perform(class_name, id, *args)
        record = class_named(class_name)&.reactive_cache_worker_finder&.call(id, *args)
        record.exclusively_update_reactive_cache!(*args) if record&.reactive_cache_due?(*args)
      rescue Recorded
        nil
      end

      # A class can be gone since the job was sent, as a record can.
      def self.class_named(name)
        Object.const_get(name)
      rescue NameError
        nil
      end
      private_class_method :class_named

      def initialize(record, args)
        @record = record
        @args = args
        @slot = Slot.new(record, args)
        @engine = @slot.engine
      end

      # @return [nil] also when somebody else is at it
      # @raise [StandardError] what the computation raised, after it was recorded
      def call
        lease = @engine.obtain(@slot.key, @slot.lease_timeout) or return
        begin
          delay, error = attempt
        ensure
          @engine.release(@slot.key, lease)
        end
        @slot.enqueue(delay) if delay
        raise error if error
      end

      private

      # @return [Array(Numeric, StandardError)] when to come again, and what went wrong
      def attempt
        before = @slot.look
        return compute(before) if before.life

        @engine.delete(@slot.key, @slot.failure_key) if before.leftover?
        nil
      rescue StandardError => e
        raise unless before # the cache itself does not answer: the job's own retries are for that

        [record(e, before), e.extend(Recorded)]
      end

      def compute(before)
        started = Time.now.to_f
        fresh = Stored.of(@record.calculate_reactive_cache(*@args), life: before.life, refreshed_at: started)
        check(fresh)
        now = @slot.look
        return (0 if now.life) unless now.life&.id == before.life.id # cleared meanwhile: a new life wants a value of its own
        return @slot.interval if now.stored && now.stored.refreshed_at > started # our lease ended, another was quicker

        keep(fresh)
        @record.reactive_cache_updated(*@args) unless now.stored && fresh.same_value?(now.stored)
        @slot.interval
      end

      def check(fresh)
        limit = @record.class.reactive_cache_hard_limit
        return unless limit && fresh.bytesize > limit

        raise ExceededReactiveCacheLimit, "the value has #{fresh.bytesize} bytes, the limit is #{limit.to_i}"
      end

      def keep(stored)
        @engine.write(@slot.key, stored.bytes, Slot::RETENTION) or raise NotStored, "the cache did not take #{stored.bytes.bytesize} bytes"
      end

      def record(error, before)
        times = (before.failure&.times || 0) + 1
        delay = back_off(error, times)
        now = Time.now.to_f
        failure = Failure.new(Failure.code_of(error), now, times, now + delay)
        @engine.write(@slot.failure_key, failure.bytes(before.life), Slot::RETENTION)
        @engine.write(@slot.key, before.stored.bytes, Slot::RETENTION) if before.stored && before.age > Slot::RETENTION / 2
        ReactiveCaching.failed(error, @slot.key, failure)
        delay
      end

      # The interval, doubled with each failure up to the lifetime, a tenth earlier or later so that keys do not march in step.
      def back_off(error, times)
        longest = [@slot.lifetime, @slot.interval].max
        delay = [@slot.interval * (2**[times - 1, 16].min), longest].min * rand(0.9..1.1)
        asked = error.retry_after if error.respond_to?(:retry_after)
        asked.is_a?(Numeric) ? [delay, asked.clamp(0, longest)].max : delay
      end
    end
  end
end
