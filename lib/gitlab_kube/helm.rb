# frozen_string_literal: true

# Charts installed by a pod in the cluster.

require_relative "helm/pod"
require_relative "helm/api"
require_relative "helm/v3/install_command"
require_relative "helm/v3/patch_command"
require_relative "helm/v3/delete_command"
require_relative "helm/parsers/list_v2"

module GitlabKube
  # What GitLab's managed applications were made of. Helm 2 and its Tiller are gone from every supported cluster, so only
  # Helm 3's commands are here.
  module Helm
    KUBECTL_VERSION = "1.13.12"
    NAMESPACE = "gitlab-managed-apps"
    NAMESPACE_LABELS = { "app.gitlab.com/managed_by" => :gitlab }.freeze
    SERVICE_ACCOUNT = "tiller"
    CLUSTER_ROLE_BINDING = "tiller-admin"
    CLUSTER_ROLE = "cluster-admin"
  end
end
