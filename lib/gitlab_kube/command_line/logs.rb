# frozen_string_literal: true

# Writes the log of a pod.

require_relative "plain_text"
require_relative "../services/one_off_pod"

module GitlabKube
  class CommandLine
    # @api private
    class Logs
      # Seconds to wait for a followed pod to begin: images may have to be fetched.
      BEGINS_WITHIN = 3600

      # @param client [KubeClient]
      # @param options [Options]
      # @param output [IO]
      def initialize(client, options, output)
        @client = client
        @options = options
        @output = output
      end

      # @return [void]
      # @raise [HttpError, StandardError]
      def execute
        @options.follow? ? follow : write(@client.get_pod_log(@options.pod, @options.namespace, container: @options.container).lines)
      end

      private

      def follow
        pod = @options.pod
        namespace = @options.namespace
        await_begin(pod, namespace)
        write(@client.watch_pod_log(pod, namespace, container: @options.container))
      end

      # The log of a container that did not begin is refused.
      def await_begin(pod, namespace)
        Services::PodWatch.new(@client, pod, namespace, deadline: Clock.now + BEGINS_WITHIN, clock: Clock.method(:now))
                          .phase(Services::OneOffPod::STARTED)
      end

      # A file gets the bytes the pod wrote.
      def write(lines)
        terminal = @output.tty?
        lines.each do |line|
          @output.puts(terminal ? PlainText.of(line) : line)
          @output.flush
        end
      end
    end
  end
end
