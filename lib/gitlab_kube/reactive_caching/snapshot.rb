# frozen_string_literal: true

require_relative "failure"
require_relative "life"
require_relative "stored"

module GitlabKube
  module ReactiveCaching
    # What the cache holds under one key at one moment: its life, its value and its last failure, each or none.
    # @api private
    class Snapshot
      # What readers see of a watch for this life.
      # @return [String]
      def self.sign(life)
        "\x14".b + life.id
      end

      # @return [Life, nil]
      attr_reader :life
      # @return [Stored, nil]
      attr_reader :stored

      # @param life [String, nil] the alive mark as stored
      # @param stored [String, nil] the value as stored
      # @param failure [String, nil] the failure as stored
      # @param watched [String, nil] the sign of a watch as stored
      def initialize(life = nil, stored = nil, failure = nil, watched = nil) # rubocop:disable Metrics/ParameterLists -- a key's four entries
        @life = Life.parse(life)
        @leftover = @life.nil? && !(stored.nil? && failure.nil?)
        return unless @life

        @stored = Stored.parse(stored, @life)
        @recorded = failure
        @watched = !watched.nil? && watched == Snapshot.sign(@life)
      end

      # @return [Boolean] whether something outlived its life. (A store that does not answer has no leftovers: it is not told to forget.)
      def leftover?
        @leftover
      end

      # @return [Failure, nil] nil once a newer value is there
      def failure
        return unless @recorded

        @failure ||= Failure.parse(@recorded, life)
        @failure if @failure && (stored.nil? || @failure.at > stored.refreshed_at)
      end

      # @return [Boolean] whether some process watches for this life
      def watched?
        @watched || false
      end

      # @return [Float, nil] seconds since the value's computation began; nil without a value
      def age
        [Time.now.to_f - stored.refreshed_at, 0.0].max if stored
      end

      # @param interval [Numeric] the refresh interval
      # @return [Float] when a refresh is expected, in seconds since the epoch
      def due_at(interval)
        return failure.retry_at if failure

        stored ? stored.refreshed_at + interval : life.born_at
      end

      # @return [Float] when a watch is expected to begin, in seconds since the epoch; never, while there is one
      def watch_due_at
        return Float::INFINITY if watched?

        failure ? failure.retry_at : life.born_at
      end

      # @param patience [Numeric] seconds after it was due
      # @return [Boolean] whether the job that should have come is lost
      def overdue?(interval, patience)
        late = Time.now.to_f - patience
        return false if stored && stored.refreshed_at > late # nothing is due before its value: no need to look at a failure

        late > due_at(interval)
      end
    end
  end
end
