# frozen_string_literal: true

# Who has a role in one namespace.

require_relative "manifest"

module GitlabKube
  # A binding of a Role or ClusterRole to one service account. Its roleRef can never be changed: delete it to bind another role.
  #
  # @example
  #   GitlabKube::RoleBinding.new(
  #     name: "gitlab-web", role_name: "admin", role_kind: :ClusterRole, namespace: "web", service_account_name: "web-service-account"
  #   ).generate
  class RoleBinding
    include Manifest

    # Of roles.
    API_GROUP = "rbac.authorization.k8s.io"
    # What may be bound.
    ROLE_KINDS = %w[Role ClusterRole].freeze

    # @param name [String]
    # @param role_name [String]
    # @param role_kind [String, Symbol] Role or ClusterRole
    # @param namespace [String]
    # @param service_account_name [String]
    def initialize(name:, role_name:, role_kind:, namespace:, service_account_name:)
      @name = name
      @role_name = role_name
      @role_kind = role_kind
      @namespace = namespace
      @service_account_name = service_account_name
    end

    # @return [Resource]
    def generate
      Resource.new(
        metadata: { name: name, namespace: namespace },
        roleRef: { apiGroup: API_GROUP, kind: role_kind, name: role_name },
        subjects: [{ kind: "ServiceAccount", name: service_account_name, namespace: namespace }]
      )
    end

    private

    attr_reader :name, :role_name, :role_kind, :namespace, :service_account_name

    def check
      Names.path_segment(name, "a role binding")
      Names.path_segment(role_name, "a role")
      Names.label(namespace, "a namespace")
      Names.subdomain(service_account_name, "a service account")
      return if ROLE_KINDS.include?(role_kind.to_s)

      raise InvalidArgumentError, "a role binding refers to a Role or a ClusterRole"
    end
  end
end
