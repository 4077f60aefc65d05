# frozen_string_literal: true

# What CI jobs may do in a namespace.

require_relative "cluster_role_binding"

module GitlabKube
  # Binds a role to the jobs that reach the cluster through the agent server with `access_as: ci_job`: all of them
  # (`gitlab:ci_job`), those of a project, or those of a project's environment.
  #
  # @example jobs of the project's production environment deploy, all of the project's jobs look
  #   GitlabKube::JobBinding.admin(namespace: "web", project_id: 12, environment_slug: "production").generate
  #   GitlabKube::JobBinding.view(namespace: "web", project_id: 12).generate
  class JobBinding
    include Manifest

    # @param scope [Hash] namespace, project_id, environment_slug as for {#initialize}
    # @return [JobBinding] of the cluster role "admin"
    def self.admin(**scope)
      new(name: "ci-job-admin", cluster_role_name: "admin", **scope)
    end

    # @param scope [Hash] namespace, project_id, environment_slug as for {#initialize}
    # @return [JobBinding] of the cluster role "view"
    def self.view(**scope)
      new(name: "ci-job-view", cluster_role_name: "view", **scope)
    end

    # @param name [String]
    # @param cluster_role_name [String]
    # @param namespace [String]
    # @param project_id [Integer, nil] nil binds the jobs of every project that may use the agent
    # @param environment_slug [String, nil]
    # @raise [InvalidArgumentError] for an environment without a project
    def initialize(name:, cluster_role_name:, namespace:, project_id: nil, environment_slug: nil)
      raise InvalidArgumentError, "an environment's jobs need a project_id" if environment_slug && !project_id

      @name = name
      @cluster_role_name = cluster_role_name
      @namespace = namespace
      @project_id = project_id
      @environment_slug = environment_slug
    end

    # @return [Resource]
    def generate
      Resource.new(
        metadata: { name: name, namespace: namespace },
        roleRef: { apiGroup: ClusterRoleBinding::API_GROUP, kind: "ClusterRole", name: cluster_role_name },
        subjects: [{ apiGroup: ClusterRoleBinding::API_GROUP, kind: "Group", name: group }]
      )
    end

    private

    attr_reader :name, :cluster_role_name, :namespace, :project_id, :environment_slug

    def group
      return "gitlab:project_env:#{project_id}:#{environment_slug}" if environment_slug

      project_id ? "gitlab:project:#{project_id}" : "gitlab:ci_job"
    end

    def check
      Names.path_segment(name, "a role binding")
      Names.path_segment(cluster_role_name, "a cluster role")
      Names.label(namespace, "a namespace")
      unless project_id.nil? || (project_id.is_a?(Integer) && project_id.positive?)
        raise InvalidArgumentError,
              "project_id is a positive Integer"
      end

      Names.label(environment_slug, "an environment's slug") if environment_slug
    end
  end
end
