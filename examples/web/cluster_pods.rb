# frozen_string_literal: true

# The pods of one cluster, kept in Redis by Sidekiq and read by the page. Loaded by both.
require "active_support"
require "active_support/cache"
require "active_support/cache/redis_cache_store"
require "sidekiq"
require_relative "../support/cluster"
require "gitlab_kube/reactive_caching/distributed"

# One cluster, of the kubeconfig in KUBECONFIG; its id is a namespace, or "all".
class ClusterPods
  include GitlabKube::ReactiveCaching

  REDIS = { url: ENV.fetch("REDIS_URL") }.freeze
  STORE = ActiveSupport::Cache::RedisCacheStore.new(**REDIS)

  Sidekiq.configure_client { |config| config.redis = REDIS }
  Sidekiq.configure_server do |config|
    config.redis = REDIS
    config.respond_to?(:[]=) ? config[:poll_interval_average] = 1 : Sidekiq.options[:poll_interval_average] = 1
  end
  GitlabKube::ReactiveCaching.engine = GitlabKube::ReactiveCaching::Distributed.new(cache: -> { STORE })

  self.reactive_cache_work_type = :external_dependency
  self.reactive_cache_worker_finder = ->(id, *_args) { new(id) }
  self.reactive_cache_refresh_interval = Float(ENV.fetch("REFRESH", 2))
  self.reactive_cache_lease_timeout = 30

  attr_reader :id

  def initialize(id)
    @id = id
  end

  # In Sidekiq. Three columns travel to Redis, not the pods.
  def calculate_reactive_cache
    client = Cluster.client(timeouts: { open: 2, read: 5, total: 5 })
    pods = id == "all" ? client.get_pods : client.get_pods(namespace: id)
    pods.pluck("metadata.namespace", "metadata.name", "status.phase")
  end
end
