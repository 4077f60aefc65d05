# frozen_string_literal: true

# What Workhorse needs to open a terminal in a container.

require "date"
require "erb"
require "uri"

module GitlabKube
  module Kubernetes
    # The WebSocket is dialled by Workhorse; here is only its description.
    module Terminals
      # Prefers bash, settles for sh.
      EXEC_COMMAND = URI.encode_www_form([%w[command sh], %w[command -c], ["command", "bash || sh"]])
      # The one Workhorse speaks.
      SUBPROTOCOL = "channel.k8s.io"
      WEBSOCKET_SCHEMES = { "http" => "ws", "https" => "wss" }.freeze
      # What whoever reads a path takes for a way up, and no percent sign changes (RFC 3986 §5.2.4).
      DOTS = %w[. ..].freeze
      private_constant :WEBSOCKET_SCHEMES, :DOTS

      # @param api_url [String]
      # @param namespace [String]
      # @param pod [Hash{String => Object}]
      # @return [Array<Hash>, nil] one for each container; nil unless the pod runs
      # @example
      #   terminals_for_pod("https://kubernetes.example.com", "production", pod).first[:url]
      def terminals_for_pod(api_url, namespace, pod)
        name = pod.dig("metadata", "name").to_s
        containers = pod.dig("spec", "containers") || []
        return if ["", *DOTS].include?(name) || containers.empty? || pod.dig("status", "phase") != "Running"

        created_at = terminal_created_at(pod)
        containers.map { |container| terminal(api_url, namespace, name, container["name"], created_at) }
      end

      # @param terminal [Hash] changed in place
      # @param token [String]
      # @param max_session_time [Integer] seconds; 0 for no limit
      # @param ca_pem [String, nil]
      # @return [Hash] the terminal
      def add_terminal_auth(terminal, token:, max_session_time:, ca_pem: nil)
        (terminal[:headers] ||= {})["Authorization"] = ["Bearer #{token}"]
        terminal[:max_session_time] = max_session_time
        terminal[:ca_pem] = ca_pem unless ca_pem.to_s.empty?
        terminal
      end

      # @param api_url [String] with the path prefix it may have
      # @param namespace [String]
      # @param pod_name [String]
      # @param container_name [String]
      # @return [String] a ws or wss URL; no name in it can leave its place
      # @raise [InvalidArgumentError] for a namespace or a pod that is a path
      def container_exec_url(api_url, namespace, pod_name, container_name)
        raise InvalidArgumentError, "a namespace or a pod is a path, not a name" if DOTS.intersect?([namespace, pod_name])

        url = URI.parse(api_url)
        segments = ["namespaces", namespace, "pods", pod_name].map { |segment| ERB::Util.url_encode(segment) }
        url.path = [url.path.sub(%r{/+\z}, ""), "api", "v1", *segments, "exec"].join("/")
        url.query = "#{URI.encode_www_form(container: container_name, stderr: true, stdin: true, stdout: true, tty: true)}&#{EXEC_COMMAND}"
        url.scheme = WEBSOCKET_SCHEMES.fetch(url.scheme, url.scheme)
        url.to_s
      end

      private

      def terminal(api_url, namespace, pod, container, created_at)
        {
          selectors: { pod: pod, container: container },
          url: container_exec_url(api_url, namespace, pod, container),
          subprotocols: [SUBPROTOCOL],
          headers: Hash.new { |headers, name| headers[name] = [] },
          created_at: created_at
        }
      end

      def terminal_created_at(pod)
        DateTime.parse(pod.dig("metadata", "creationTimestamp").to_s)
      rescue ArgumentError # Date::Error is one; so is that of a text that is too long
        nil
      end
    end
  end
end
