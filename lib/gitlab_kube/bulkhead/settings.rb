# frozen_string_literal: true

require_relative "../errors"

module GitlabKube
  class Bulkhead
    # The application's two switches, both off. {Configuration} has them.
    module Settings
      # @return [Integer, nil] how many calls to one server may be under way in one process
      attr_reader :concurrency_limit

      # @return [Hash{Symbol => Numeric}, nil] `failures:` in a row after which a server is not called for `seconds:`
      attr_reader :circuit_breaker

      # @param limit [Integer, nil]
      # @raise [InvalidArgumentError] unless it is positive
      # @example
      #   config.concurrency_limit = 10
      def concurrency_limit=(limit)
        raise InvalidArgumentError, "concurrency_limit is a positive Integer, or nil" unless limit.nil? || positive?(limit, Integer)

        @concurrency_limit = limit
      end

      # @param breaker [Hash, nil]
      # @raise [InvalidArgumentError] unless it has exactly these two, both positive
      # @example
      #   config.circuit_breaker = { failures: 5, seconds: 30 }
      def circuit_breaker=(breaker)
        unless breaker.nil? || breaker?(breaker)
          raise InvalidArgumentError, "circuit_breaker is { failures: Integer, seconds: Numeric }, both positive, or nil"
        end

        @circuit_breaker = breaker&.dup.freeze
      end

      private

      def breaker?(value)
        value.is_a?(Hash) && value.keys.sort_by(&:to_s) == %i[failures seconds] &&
          positive?(value[:failures], Integer) && positive?(value[:seconds], Numeric)
      end

      def positive?(value, type)
        value.is_a?(type) && value.positive?
      end
    end
  end
end
