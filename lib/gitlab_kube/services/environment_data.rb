# frozen_string_literal: true

# What the cluster knows of an environment, trimmed to what GitLab shows.

require "openssl"
require "uri"
require_relative "../logger"
require_relative "environment_data/trimming"

module GitlabKube
  module Services
    # The answer is plain Hashes and Strings: it is made to be cached, and a cache marshals and measures it.
    #
    # @example
    #   GitlabKube::Services::EnvironmentData.new(client, namespace: "web-12-production").execute
    #   # => { pods: […], deployments: […], ingresses: […] }
    class EnvironmentData
      # Failures that are an answer: a cluster that cannot be reached has no pods to show, and is not asked again before
      # the cache expires.
      IGNORED_CONNECTION_EXCEPTIONS = [
        HttpError, BlockedUrlError, Errno::ECONNREFUSED, Errno::EHOSTUNREACH, URI::InvalidURIError,
        OpenSSL::X509::StoreError, OpenSSL::SSL::SSLError
      ].freeze

      # @param client [KubeClient]
      # @param namespace [String]
      # @param logger [::Logger]
      def initialize(client, namespace:, logger: Logger.default)
        @client = client
        @namespace = namespace
        @logger = logger
      end

      # @return [Hash{Symbol => Array<Hash>}] pods, deployments and ingresses; what was read before a failure, and empty Arrays after it
      def execute
        data = { pods: [], deployments: [], ingresses: [] }
        data[:pods] = trim(:pod, read { @client.get_pods(namespace: @namespace) })
        data[:deployments] = trim(:deployment, read { @client.get_deployments(namespace: @namespace) })
        data[:ingresses] = trim(:ingress, read { @client.get_ingresses(namespace: @namespace) })
        data
      rescue *ignored => e
        report(e)
        data
      end

      private

      def report(error)
        raise error if GitlabKube.config.debug?

        @logger.error({ event: :kube_connection_error, namespace: @namespace, class_name: self.class.name }.merge(Logger.exception(error)))
      end

      # The application's own class of refused URLs is one of them.
      def ignored
        IGNORED_CONNECTION_EXCEPTIONS + [GitlabKube.config.blocked_url_error]
      end

      # An old or young cluster does not serve every kind.
      def read
        yield
      rescue ResourceNotFoundError
        []
      rescue NoMethodError => e
        e.receiver.is_a?(SubClient) ? [] : raise
      end

      # Ruby's own words about what is no object may quote it.
      def trim(kind, objects)
        objects.map { |object| Trimming.public_send(kind, object) }
      rescue NoMethodError, TypeError
        raise InvalidResponseError.new(nil, "a #{kind} in the answer is none"), cause: nil
      end
    end
  end
end
