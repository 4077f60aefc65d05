# frozen_string_literal: true

# Waits until a pod is as somebody wants it.

require_relative "../errors"

module GitlabKube
  module Services
    # Looks, then watches from what it saw. A watch that ends or is cut is followed by another look, until the deadline.
    #
    # @api private
    class PodWatch
      # The server ends a watch after this many seconds at the latest, so that a dead connection is noticed.
      LONGEST = 60
      # Ends of a watch that say nothing about the pod.
      CUT = [StreamCutError, TimeoutError, GoneError, ConnectionResetError].freeze

      # @param client [KubeClient]
      # @param name [String]
      # @param namespace [String]
      # @param deadline [Numeric] on the clock
      # @param clock [#call] monotonic seconds
      def initialize(client, name, namespace, deadline:, clock:)
        @client = client
        @name = name
        @namespace = namespace
        @deadline = deadline
        @clock = clock
      end

      # @param wanted [Array<String>]
      # @return [String] the first of them that it is in
      # @raise [OneOffPod::TimedOut, HttpError]
      def phase(wanted)
        each_state { |pod| return pod.dig(:status, :phase) if pod && wanted.include?(pod.dig(:status, :phase)) }
      end

      # @return [void]
      # @raise [OneOffPod::TimedOut, HttpError]
      def gone
        each_state { |pod| return if pod.nil? }
      rescue ResourceNotFoundError
        nil
      end

      # @return [Numeric] seconds until the deadline
      def remaining
        [@deadline - @clock.call, 0].max
      end

      private

      # Yields the pod as it changes; nil when it is deleted.
      def each_state(&block)
        loop do
          pod = @client.get_pod(@name, @namespace)
          yield pod
          raise OneOffPod::TimedOut, "the pod did not come so far in time" unless remaining.positive?

          watch(pod.dig(:metadata, :resourceVersion), &block)
        end
      end

      def watch(version)
        seconds = [remaining.ceil, LONGEST].min
        @client.core_client.watch_pods(namespace: @namespace, name: @name, resource_version: version, timeout_seconds: seconds) do |notice|
          break if notice.type == "ERROR" # mostly 410: the version is too old to go on from

          yield(notice.type == "DELETED" ? nil : notice.object)
          break if notice.type == "DELETED"
        end
      rescue *CUT
        nil
      end
    end
  end
end
