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
    # Of the image's kubectl.
    KUBECTL_VERSION = "1.13.12"
    # Where applications live.
    NAMESPACE = "gitlab-managed-apps"
    # Mark that namespace.
    NAMESPACE_LABELS = { "app.gitlab.com/managed_by" => :gitlab }.freeze
    # The pods' account; it is called after Helm 2's server.
    SERVICE_ACCOUNT = "tiller"
    # Binds it.
    CLUSTER_ROLE_BINDING = "tiller-admin"
    # Charts may contain anything, so it may do anything.
    CLUSTER_ROLE = "cluster-admin"
  end
end
