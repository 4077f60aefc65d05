# frozen_string_literal: true

require_relative "computation"
require_relative "informers"
require_relative "setback"
require_relative "slot"
require_relative "watchers"

module GitlabKube
  module ReactiveCaching
    # Computes one value anew, alone, and sees to it that it is computed again.
    # @api private
    class Refresh
      class << self
        # What a job does: a refresh, or the beginning of a watch. An error that was recorded is tried again by the cache itself and does
        # not come out.
        # @param class_name [String]
        # @param id [Object] what the class's finder takes
        # @return [void]
        def perform(class_name, id, *args)
          record = find(class_name, id, args)
          return unless record&.reactive_cache_due?(*args)

          record.class.reactive_cache_source == :watch ? Watchers.start(record, args) : record.exclusively_update_reactive_cache!(*args)
        rescue Recorded
          nil
        end

        # A class can be gone since the job was sent, as a record can.
        # @return [ReactiveCaching, nil]
        def find(class_name, id, args)
          klass = begin
            Object.const_get(class_name)
          rescue NameError
            nil
          end
          klass&.reactive_cache_worker_finder&.call(id, *args)
        end

        # @return [Object] the value, computed here and now
        def compute(record, args)
          return record.send(:calculate_reactive_cache, *args) unless record.class.reactive_cache_source == :watch

          Informers.once(record, args) { |informers| informers.compute(record, args) }
        end
      end

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
        return Computation.new(@record, @args, @slot, before).call { self.class.compute(@record, @args) } if before.life

        @slot.forget if before.leftover?
        nil
      rescue StandardError => e
        raise unless before # the cache itself does not answer: the job's own retries are for that

        [Setback.record(@slot, e, before), e.extend(Recorded)]
      end
    end
  end
end
