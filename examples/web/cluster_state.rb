# frozen_string_literal: true

# The pods and deployments of one cluster: computed in the background, read by the page.
require_relative "../support/cluster"
require_relative "engine"

# The cluster of the kubeconfig in KUBECONFIG.
class ClusterState
  include GitlabKube::ReactiveCaching

  POD = %w[metadata.namespace metadata.name status.phase spec.nodeName metadata.creationTimestamp].freeze
  DEPLOYMENT = %w[metadata.namespace metadata.name status.readyReplicas spec.replicas metadata.creationTimestamp].freeze

  self.reactive_cache_work_type = :external_dependency
  self.reactive_cache_worker_finder = ->(_id) { new }
  self.reactive_cache_refresh_interval = Float(ENV.fetch("REFRESH", 2))
  self.reactive_cache_lifetime = 20 # a cluster that is back is seen to be back this soon
  self.reactive_cache_lease_timeout = 30
  self.reactive_cache_hard_limit = 8 << 20

  # @return [String] there is one cluster
  def id
    "example"
  end

  # In the background. Five columns are kept, not the pods; and deeply frozen, so that a process decodes them once for all its readers.
  def calculate_reactive_cache
    client = Cluster.client(timeouts: { open: 1, read: 2, total: 2 })
    Ractor.make_shareable({ "pods" => client.get_pods.pluck(*POD), "deployments" => client.get_deployments.pluck(*DEPLOYMENT) })
  end
end
