# frozen_string_literal: true

# Takes a stopped environment out of the cluster.

require_relative "../kubernetes/filters"
require_relative "presence"

module GitlabKube
  module Services
    # A namespace that GitLab made for this environment alone, and labelled so, goes whole. In a shared one only the environment's own
    # workloads and ingresses go: those with its annotations. Being gone already is success, so it can be repeated.
    #
    # @example
    #   GitlabKube::Services::StopEnvironment.new(client, namespace: "web-12-review-1", app: "group-web", env: "review-1").execute
    #   # => :namespace, :objects or :nothing
    class StopEnvironment
      include Presence

      # Group version and plural of what is removed from a shared namespace; their pods go with them.
      KINDS = [%w[apps/v1 deployments], %w[apps/v1 statefulsets], %w[apps/v1 daemonsets], %w[batch/v1 jobs],
               %w[networking.k8s.io/v1 ingresses], %w[v1 services]].freeze
      # Pods go after their owner, which does not wait for them.
      DELETE_OPTIONS = { propagationPolicy: "Background" }.freeze

      # @param client [KubeClient]
      # @param namespace [String]
      # @param app [String] the project's full path as a slug
      # @param env [String] the environment's slug
      def initialize(client, namespace:, app:, env:)
        @client = client
        @namespace = namespace
        @description = { Kubernetes::Filters::APP_ANNOTATION => app, Kubernetes::Filters::ENV_ANNOTATION => env }
      end

      # @return [Symbol] what went: :namespace, :objects or :nothing
      # @raise [HttpError] other than 404
      def execute
        namespace = @client.get_namespace(@namespace)
        return remove_objects unless own?(namespace)

        @client.delete_namespace(@namespace) unless namespace.dig(:metadata, :deletionTimestamp)
        :namespace
      rescue ResourceNotFoundError
        :nothing
      end

      private

      def own?(namespace)
        described?(namespace.dig(:metadata, :labels), @description)
      end

      def described?(given, wanted)
        wanted.all? { |name, value| given&.[](name) == value }
      end

      def remove_objects
        count = KINDS.sum { |api_version, plural| remove_kind(@client.client_for(api_version), plural) }
        count.zero? ? :nothing : :objects
      end

      def remove_kind(client, plural)
        names = client.list(plural, namespace: @namespace).filter_map do |object|
          object.dig(:metadata, :name) if described?(object.dig(:metadata, :annotations), @description)
        end
        names.count { |name| found { client.delete(plural, name, namespace: @namespace, delete_options: DELETE_OPTIONS) } }
      rescue ResourceNotFoundError
        0 # the cluster does not serve this kind
      end
    end
  end
end
