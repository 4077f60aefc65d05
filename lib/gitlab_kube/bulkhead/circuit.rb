# frozen_string_literal: true

require_relative "../clock"

module GitlabKube
  class Bulkhead
    # Closed: calls pass. Open: none does, for a while. Half open: one does, and its end decides. Not thread-safe: the bulkhead is.
    # @api private
    class Circuit
      # Nobody answered, or nobody who could. Not a certificate that is not believed: the CA, and the name that it must have, are one
      # client's, and another user's cluster record must not close a server to all.
      FAILURES = [
        TimeoutError, ProxyError, StreamCutError, InvalidResponseError, ServerError, ConnectionRefusedError, ConnectionResetError,
        HostUnreachableError, NameResolutionError
      ].freeze
      private_constant :FAILURES

      # @param error [StandardError]
      # @param patient [Boolean]
      # @return [Symbol, nil] :failure; :success for an answer such as 404; nil for what says nothing about the server
      def self.verdict(error, patient:)
        case error
        when TlsError then nil
        when TimeoutError then patient ? :failure : nil
        when AgentUnavailableError then :success # the agent server is one URL for all agents, and it did answer
        when *FAILURES then :failure
        when HttpError then error.error_code ? :success : nil
        end
      end

      # @param clock [#call] seconds
      def initialize(clock: Clock.method(:now))
        @clock = clock
        reset
      end

      # @return [void]
      def reset
        @failures = 0
        @until = nil
        @probing = false
      end

      # @return [Symbol] :closed, :open or :half_open
      def state
        return :closed unless @until

        @probing || @clock.call >= @until ? :half_open : :open
      end

      # Lets a call pass.
      # @return [Boolean] whether it is the one that tries
      # @raise [CircuitOpenError]
      def admit
        return false unless @until

        left = @until - @clock.call
        raise refusal(left) if @probing || left.positive?

        @probing = true
      end

      # What became of a call that passed. Those that were under way when it opened are not heard: only the one that tries closes it.
      # @param verdict [Symbol, nil]
      # @param probe [Boolean] what {#admit} said of the call
      # @return [void]
      def hear(verdict, probe:, failures:, seconds:)
        return if @until && !probe
        return reset if verdict == :success

        @probing = false if probe
        return unless verdict == :failure

        @failures += 1
        @until = @clock.call + seconds if probe || @failures >= failures
      end

      private

      def refusal(left)
        CircuitOpenError.new(nil, "this server has failed too often; it is not called for a while").facts(retry_after: [left.ceil, 1].max)
      end
    end
  end
end
