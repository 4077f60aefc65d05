# frozen_string_literal: true

# A pod that runs once: started, followed to its end, and removed.

require_relative "../clock"
require_relative "../pod"
require_relative "pod_watch"
require_relative "presence"

module GitlabKube
  module Services
    # @example
    #   job = GitlabKube::Services::OneOffPod.new(client, pod_resource)
    #   job.start
    #   phase = job.wait(timeout: 600) { |line| puts line } # => "Succeeded"
    #   job.remove
    class OneOffPod
      include Presence

      # It did not end in time.
      class TimedOut < StandardError
        include Error
      end

      # Phases that last.
      ENDED = [GitlabKube::Pod::SUCCEEDED, GitlabKube::Pod::FAILED].freeze
      # A container that runs, or has run, has a log.
      STARTED = [GitlabKube::Pod::RUNNING, *ENDED].freeze
      # Kills without asking.
      AT_ONCE = { gracePeriodSeconds: 0 }.freeze

      # @return [String]
      attr_reader :name, :namespace

      # @param client [KubeClient]
      # @param pod [Resource] with metadata.name, metadata.namespace and spec
      # @param clock [#call] monotonic seconds
      # @raise [InvalidArgumentError] without a name or namespace
      def initialize(client, pod, clock: Clock.method(:now))
        @client = client
        @pod = pod
        @name = pod.dig(:metadata, :name)
        @namespace = pod.dig(:metadata, :namespace)
        @clock = clock
        raise InvalidArgumentError, "a one-off pod needs a name and a namespace" unless name && namespace
      end

      # Starts it. One of that name left over from an earlier try is removed first.
      #
      # @param timeout [Numeric] seconds to wait for the old one to go
      # @return [Resource]
      # @raise [HttpError, TimedOut]
      def start(timeout: 60)
        @client.create_pod(@pod)
      rescue ResourceAlreadyExistsError
        remove
        watch(timeout).gone
        @client.create_pod(@pod)
      end

      # Waits for its end, as the cluster tells of it.
      #
      # @param timeout [Numeric] seconds
      # @yieldparam line [String] of the first container's log, as it is written
      # @return [String] "Succeeded" or "Failed"
      # @raise [TimedOut, HttpError] a 404 where somebody removed it
      def wait(timeout:, &block)
        watch = watch(timeout)
        follow(watch, &block) if block
        watch.phase(ENDED)
      end

      # @return [String] its phase now
      # @raise [HttpError]
      def phase
        @client.get_pod(name, namespace).dig(:status, :phase)
      end

      # @return [String] its log so far
      # @raise [HttpError]
      def log
        @client.get_pod_log(name, namespace)
      end

      # Stops and removes it.
      #
      # @return [Boolean] whether it was there
      # @raise [HttpError] other than 404
      def remove
        found { @client.delete_pod(name, namespace, delete_options: AT_ONCE) }
      end

      private

      def watch(timeout)
        PodWatch.new(@client, name, namespace, deadline: @clock.call + timeout, clock: @clock)
      end

      # A silent log would hold its reader beyond the deadline, so the stream is closed from outside then.
      def follow(watch, &block)
        watch.phase(STARTED)
        stream = @client.watch_pod_log(name, namespace)
        timer = Thread.new { sleep(watch.remaining) && stream.finish }
        stream.each(&block)
      ensure
        timer&.kill
        stream&.finish
      end
    end
  end
end
