# frozen_string_literal: true

# Runs Helm commands in a cluster.

require_relative "../namespace"

module GitlabKube
  module Helm
    # @example
    #   api = GitlabKube::Helm::Api.new(client)
    #   api.install(command)
    #   api.status(command.pod_name) # => "Succeeded"
    class Api
      # @param kubeclient [KubeClient]
      def initialize(kubeclient)
        @kubeclient = kubeclient
        @namespace = Namespace.new(NAMESPACE, kubeclient, labels: NAMESPACE_LABELS)
      end

      # Makes what the command's pod needs, then the pod. A pod left over from an earlier try goes first.
      #
      # @param command [V3::BaseCommand]
      # @return [Resource] the pod
      # @raise [HttpError]
      def install(command)
        @namespace.ensure_exists!
        create_account(command)
        create_or_update_config_map(command.config_map_resource)
        delete_pod!(command.pod_name)
        @kubeclient.create_pod(command.pod_resource)
      end
      alias update install
      alias uninstall install

      # @param pod_name [String]
      # @return [String] a phase of {GitlabKube::Pod::PHASES}
      # @raise [HttpError]
      def status(pod_name)
        @kubeclient.get_pod(pod_name, NAMESPACE).status.phase
      end

      # @param pod_name [String]
      # @return [String]
      # @raise [HttpError]
      def log(pod_name)
        @kubeclient.get_pod_log(pod_name, NAMESPACE).body
      end

      # @param pod_name [String]
      # @return [void]
      # @raise [HttpError] other than 404
      def delete_pod!(pod_name)
        @kubeclient.delete_pod(pod_name, NAMESPACE)
      rescue ResourceNotFoundError
        nil
      end

      # @param config_map_name [String] of an application
      # @return [Resource, nil]
      # @raise [HttpError] other than 404
      def get_config_map(config_map_name)
        @kubeclient.get_config_map(config_map_name, NAMESPACE)
      rescue ResourceNotFoundError
        nil
      end

      private

      def create_account(command)
        return unless command.rbac?

        @kubeclient.create_or_update_service_account(command.service_account_resource)
        @kubeclient.create_or_update_cluster_role_binding(command.cluster_role_binding_resource)
      end

      def create_or_update_config_map(resource)
        known = get_config_map(resource.metadata.name)
        known ? @kubeclient.update_config_map(resource) : @kubeclient.create_config_map(resource)
      end
    end
  end
end
