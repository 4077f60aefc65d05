# frozen_string_literal: true

# The token that the cluster puts into a service account's Secret, a moment after the Secret is made.

require_relative "../clock"
require_relative "../errors"

module GitlabKube
  module Services
    # Looks up to five times. Between two looks it watches the Secret, so the token is there as soon as the cluster has
    # written it; where watching is not allowed it sleeps, as GitLab does.
    #
    # @example
    #   GitlabKube::Services::FetchToken.new(client, "gitlab-token", "default").execute # => "eyJ…"
    class FetchToken
      # How often it looks.
      TOKEN_RETRY_LIMIT = 5
      # Seconds between two looks.
      DEFAULT_TOKEN_RETRY_DELAY = 5
      # Why a watch may not work; none of them says anything about the Secret.
      UNWATCHABLE = [HttpError, SystemCallError, SocketError].freeze
      private_constant :UNWATCHABLE

      # @param kubeclient [KubeClient]
      # @param token_name [String] of the Secret
      # @param namespace [String]
      # @param token_retry_delay [Numeric] seconds between two looks
      # @param clock [#call] monotonic seconds
      # @param sleeper [#call] takes seconds
      def initialize(kubeclient, token_name, namespace, token_retry_delay: DEFAULT_TOKEN_RETRY_DELAY,
                     clock: Clock.method(:now), sleeper: Kernel.method(:sleep))
        @kubeclient = kubeclient
        @token_name = token_name
        @namespace = namespace
        @delay = token_retry_delay
        @clock = clock
        @sleeper = sleeper
      end

      # @return [String, nil] the token; nil where it did not come
      # @raise [HttpError] other than 404
      def execute
        TOKEN_RETRY_LIMIT.times do
          token = read || wait
          return token if token
        end
        nil
      end

      private

      def read
        decode(@kubeclient.get_secret(@token_name, @namespace))
      rescue ResourceNotFoundError
        nil
      end

      # A watch that ends early does not make the next look come earlier.
      def wait
        started = @clock.call
        token = watch if watchable?
        rest = @delay - (@clock.call - started)
        @sleeper.call(rest) if token.nil? && rest.positive?
        token
      end

      # A server ends a watch after whole seconds. Behind an interceptor each request is somebody's stub: only the looks
      # that GitLab makes are made.
      def watchable?
        @delay >= 1 && GitlabKube.interceptor.nil?
      end

      def watch
        @kubeclient.core_client.watch_secrets(namespace: @namespace, name: @token_name, timeout_seconds: @delay.to_i) do |notice|
          token = decode(notice.object) unless notice.type == "DELETED"
          return token if token
        end
        nil
      rescue *UNWATCHABLE
        nil
      end

      # As lenient as GitLab's: what is not Base64 is skipped.
      def decode(secret)
        encoded = secret.dig(:data, :token).to_s
        encoded.unpack1("m") unless encoded.empty?
      end
    end
  end
end
