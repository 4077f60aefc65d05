# frozen_string_literal: true

# Lets people see a namespace on GitLab's Kubernetes dashboard.

require_relative "cluster_role_binding"

module GitlabKube
  # Binds a role to what the agent server calls the people that reach the cluster through it with `user_access`
  # and `access_as: user`: the group `gitlab:user`, one user `gitlab:user:<username>`, or the holders of a role in a
  # project or group, `gitlab:project_role:<id>:<role>` and `gitlab:group_role:<id>:<role>`.
  #
  # @example
  #   GitlabKube::UserBinding.new(namespace: "web").generate
  #   GitlabKube::UserBinding.new(name: "dev", namespace: "web", subject: "gitlab:project_role:12:developer").generate
  class UserBinding
    include Manifest

    SUBJECT = /\Agitlab:user(?::(?<username>[^\s:]+))?\z|\Agitlab:(?:project|group)_role:\d+:[a-z_]+\z/
    private_constant :SUBJECT

    # @param namespace [String, nil] nil binds in the whole cluster
    # @param name [String]
    # @param cluster_role_name [String]
    # @param subject [String]
    def initialize(namespace: nil, name: "gitlab-user-view", cluster_role_name: "view", subject: "gitlab:user")
      @namespace = namespace
      @name = name
      @cluster_role_name = cluster_role_name
      @subject = subject
    end

    # @return [Resource] for a RoleBinding, or a ClusterRoleBinding where there is no namespace
    def generate
      Resource.new(
        metadata: { name: name, namespace: namespace }.compact,
        roleRef: { apiGroup: ClusterRoleBinding::API_GROUP, kind: "ClusterRole", name: cluster_role_name },
        subjects: [{ apiGroup: ClusterRoleBinding::API_GROUP, kind: subject_kind, name: subject }]
      )
    end

    private

    attr_reader :namespace, :name, :cluster_role_name, :subject

    # Only `gitlab:user:<username>` is one user; everything else is a group.
    def subject_kind
      SUBJECT.match(subject.to_s)&.[](:username) ? "User" : "Group"
    end

    def check
      Names.path_segment(name, "a role binding")
      Names.path_segment(cluster_role_name, "a cluster role")
      Names.label(namespace, "a namespace") if namespace
      return if SUBJECT.match?(subject.to_s)

      raise InvalidArgumentError, "a user binding is for gitlab:user, gitlab:user:<username> or a project or group role"
    end
  end
end
