# frozen_string_literal: true

# Who has a role in the whole cluster.

require_relative "manifest"

module GitlabKube
  # @example
  #   subjects = [{ kind: "ServiceAccount", name: "gitlab", namespace: "default" }]
  #   GitlabKube::ClusterRoleBinding.new("gitlab-admin", "cluster-admin", subjects).generate
  class ClusterRoleBinding
    include Manifest

    # Of roles, and of users and groups.
    API_GROUP = "rbac.authorization.k8s.io"

    # @return [Object]
    attr_reader :name, :cluster_role_name, :subjects

    # @param name [String]
    # @param cluster_role_name [String]
    # @param subjects [Array<Hash>]
    def initialize(name, cluster_role_name, subjects)
      @name = name
      @cluster_role_name = cluster_role_name
      @subjects = subjects
    end

    # @return [Resource]
    def generate
      Resource.new(
        metadata: { name: name },
        roleRef: { apiGroup: API_GROUP, kind: "ClusterRole", name: cluster_role_name },
        subjects: subjects
      )
    end

    private

    def check
      Names.path_segment(name, "a cluster role binding")
      Names.path_segment(cluster_role_name, "a cluster role")
    end
  end
end
