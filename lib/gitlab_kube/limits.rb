# frozen_string_literal: true

require_relative "errors"

module GitlabKube
  # The names of what a server may send and of how long it may take, and what their values may be. The defaults are the core's;
  # docs/limits.md has them.
  # @api private
  module Limits
    NAMES = %i[header_bytes wire_bytes decoded_bytes streamed_bytes ratio ratio_after depth string_bytes number_bytes
               line_bytes message_bytes items connections].freeze
    TIMEOUTS = %i[open read total idle].freeze

    # The application's own, for all of its clients. {Configuration} has it.
    module Setting
      # @return [Hash{Symbol => Integer}] what a server may send, where it is not the default; a client's own `limits:` go before it
      def limits
        @limits || {}
      end

      # @param limits [Hash{Symbol => Integer}] see docs/limits.md
      # @raise [InvalidArgumentError] for a name that is none, or a value that is no positive Integer
      # @example
      #   config.limits = { decoded_bytes: 64 * 1024 * 1024, items: 50_000 }
      def limits=(limits)
        @limits = Limits.check(limits).dup.freeze
      end
    end

    module_function

    # @param limits [Hash, nil]
    # @return [Hash]
    # @raise [InvalidArgumentError]
    def check(limits)
      named(limits || {}, NAMES, "limit").each do |name, value|
        raise InvalidArgumentError, "the limit #{name} is a positive Integer" unless value.is_a?(Integer) && value.positive?
      end
    end

    # @param timeouts [Hash, nil]
    # @return [Hash]
    # @raise [InvalidArgumentError]
    def check_timeouts(timeouts)
      named(timeouts || {}, TIMEOUTS, "timeout")
    end

    # A name that nobody reads would be a limit that is none.
    def named(given, known, what)
      raise InvalidArgumentError, "#{what}s are a Hash" unless given.is_a?(Hash)
      return given if (given.keys - known).empty?

      raise InvalidArgumentError, "unknown #{what}; there are #{known.join(', ')}"
    end
  end
end
