# frozen_string_literal: true

# Shifts traffic between an environment's stable and canary deployments.

require_relative "../ingress"
require_relative "../logger"
require_relative "result"

module GitlabKube
  module Services
    # Whether the user may, whether a deployment runs, and how often: those are the application's questions, asked before.
    #
    # @example
    #   service = GitlabKube::Services::UpdateCanaryIngress.new(client, namespace: "web-12-production")
    #   service.execute(data[:ingresses], weight: 25).success?
    class UpdateCanaryIngress
      # Nothing to shift traffic to.
      MISSING = "Canary Ingress does not exist in the environment."
      # The cluster refused.
      FAILED = "Failed to update the Canary Ingress."
      # Not a number of per cent.
      WEIGHT = "Canary weight must be specified and valid range (0..100)."

      # @param client [KubeClient]
      # @param namespace [String]
      # @param logger [::Logger]
      def initialize(client, namespace:, logger: Logger.default)
        @client = client
        @namespace = namespace
        @logger = logger
      end

      # @param ingresses [Array<Ingress, Hash>] of the environment
      # @param weight [Integer] per cent of the traffic
      # @return [Result]
      def execute(ingresses, weight:)
        return Result.error(WEIGHT) unless weight.is_a?(Integer) && weight.between?(0, 100)

        canary = ingresses.map { |ingress| ingress.is_a?(Ingress) ? ingress : Ingress.new(ingress) }.find(&:canary?)
        canary ? patch(canary.name, weight) : Result.error(MISSING)
      end

      private

      def patch(name, weight)
        @client.patch_ingress(name, { metadata: { annotations: { Ingress::CANARY_WEIGHT => weight.to_s } } }, @namespace)
        Result.success
      rescue HttpError => e
        raise if GitlabKube.config.debug?

        @logger.error({ event: :failed_to_update_canary_ingress, namespace: @namespace }.merge(Logger.exception(e)))
        Result.error(FAILED, :bad_request)
      end
    end
  end
end
