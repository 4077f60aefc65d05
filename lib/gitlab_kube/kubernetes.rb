# frozen_string_literal: true

# What GitLab mixes into its models: terminals, filters and a kubeconfig.

require_relative "kubernetes/filters"
require_relative "kubernetes/terminals"
require_relative "kubernetes/deploy_kubeconfig"

module GitlabKube
  # Works on plain, String-keyed Hashes, as the reactive cache holds them.
  #
  # @example
  #   include GitlabKube::Kubernetes
  #   pods = filter_by_project_environment(data[:pods], project.full_path_slug, environment.slug)
  #   terminals = pods.flat_map { |pod| terminals_for_pod(api_url, namespace, pod) }.compact
  module Kubernetes
    include Filters
    include Terminals
    include DeployKubeconfig

    # The command of a terminal's shell, as a query.
    EXEC_COMMAND = Terminals::EXEC_COMMAND
  end
end
