# frozen_string_literal: true

# The service account GitLab acts by, made request by request as GitLab makes it.

require_relative "account_names"
require_relative "knative_and_crossplane"

module GitlabKube
  module Services
    # Sends exactly what GitLab's service of that name sends, in the same order. {RestrictedNamespace} does the same job in
    # fewer requests.
    #
    # @example
    #   GitlabKube::Services::CreateOrUpdateServiceAccount.gitlab_creator(client, rbac: true).execute
    class CreateOrUpdateServiceAccount
      include AccountNames
      include KnativeAndCrossplane

      class << self
        # The account that manages the whole cluster.
        #
        # @param kubeclient [KubeClient]
        # @param rbac [Boolean]
        # @return [CreateOrUpdateServiceAccount]
        def gitlab_creator(kubeclient, rbac:)
          new(
            kubeclient, service_account_name: AccountNames::GITLAB_SERVICE_ACCOUNT_NAME, rbac: rbac,
                        service_account_namespace: AccountNames::GITLAB_SERVICE_ACCOUNT_NAMESPACE,
                        token_name: AccountNames::GITLAB_ADMIN_TOKEN_NAME
          )
        end

        # The account of one project's environment, and its namespace.
        #
        # @param kubeclient [KubeClient]
        # @param service_account_name [String]
        # @param service_account_namespace [String]
        # @param service_account_namespace_labels [Hash, nil]
        # @param rbac [Boolean]
        # @return [CreateOrUpdateServiceAccount]
        def namespace_creator(kubeclient, service_account_name:, service_account_namespace:, rbac:, service_account_namespace_labels: nil)
          new(
            kubeclient, service_account_name: service_account_name, service_account_namespace: service_account_namespace, rbac: rbac,
                        service_account_namespace_labels: service_account_namespace_labels, namespace_creator: true,
                        token_name: "#{service_account_namespace}-token", role_binding_name: "gitlab-#{service_account_namespace}"
          )
        end
      end

      # @param kubeclient [KubeClient]
      # @param service_account_name [String]
      # @param service_account_namespace [String]
      # @param token_name [String]
      # @param rbac [Boolean]
      # @param service_account_namespace_labels [Hash, nil]
      # @param namespace_creator [Boolean]
      # @param role_binding_name [String, nil]
      def initialize(kubeclient, service_account_name:, service_account_namespace:, token_name:, rbac:,
                     service_account_namespace_labels: nil, namespace_creator: false, role_binding_name: nil)
        @kubeclient = kubeclient
        @service_account_name = service_account_name
        @service_account_namespace = service_account_namespace
        @service_account_namespace_labels = service_account_namespace_labels
        @token_name = token_name
        @rbac = rbac
        @namespace_creator = namespace_creator
        @role_binding_name = role_binding_name
      end

      # @return [void]
      # @raise [HttpError]
      def execute
        Namespace.new(namespace, kubeclient, labels: @service_account_namespace_labels).ensure_exists! if @namespace_creator
        kubeclient.create_or_update_service_account(ServiceAccount.new(@service_account_name, namespace).resource!)
        kubeclient.create_or_update_secret(ServiceAccountToken.new(@token_name, @service_account_name, namespace).resource!)
        bind if @rbac
      end

      private

      attr_reader :kubeclient

      def namespace
        @service_account_namespace
      end

      def bind
        return kubeclient.create_or_update_cluster_role_binding(cluster_role_binding) unless @namespace_creator

        replace_role_binding
        update_knative_and_crossplane
      end

      # A binding's roleRef can never be changed, so the old one goes first.
      def replace_role_binding
        begin
          kubeclient.delete_role_binding(@role_binding_name, namespace)
        rescue ResourceNotFoundError
          nil # there was none
        end
        kubeclient.update_role_binding(role_binding(@role_binding_name, PROJECT_CLUSTER_ROLE_NAME, :ClusterRole))
      end

      def cluster_role_binding
        subjects = [{ kind: "ServiceAccount", name: @service_account_name, namespace: namespace }]
        ClusterRoleBinding.new(GITLAB_CLUSTER_ROLE_BINDING_NAME, GITLAB_CLUSTER_ROLE_NAME, subjects).resource!
      end

      def role_binding(name, role, kind)
        RoleBinding.new(
          name: name, role_name: role, role_kind: kind, namespace: namespace, service_account_name: @service_account_name
        ).resource!
      end
    end
  end
end
