# frozen_string_literal: true

# The application of the specs of watched values: the ConfigMaps of a namespace. Loaded by Sidekiq processes and by the spec, which reads.
$LOAD_PATH.unshift File.expand_path("../../../lib", __dir__)
require "active_support"
require "active_support/cache"
require "active_support/cache/redis_cache_store"
require "sidekiq"
require "gitlab_kube"
require "gitlab_kube/reactive_caching/distributed"

# Its id is the namespace.
class WatchedMaps
  include GitlabKube::ReactiveCaching

  self.reactive_cache_work_type = :external_dependency
  self.reactive_cache_worker_finder = ->(id, *_args) { new(id) }
  self.reactive_cache_lease_timeout = 5 # one that ends under a holder who is only slow would be taken by another
  self.reactive_cache_refresh_interval = 1
  reactive_cache_source :watch

  attr_reader :id

  def initialize(id)
    @id = id
  end

  def client
    GitlabKube::KubeClient.from_kubeconfig(ENV.fetch("CLUSTER"), trusted: true)
  end

  def reactive_cache_informers
    { maps: client.core_client.informer("configmaps", namespace: id) }
  end

  def calculate_reactive_cache(maps:)
    { "names" => maps.map { |map| map.metadata.name }.sort, "pid" => Process.pid }
  end
end

# One whose lease lasts as long as leases do, so that a spec can tell handing over from its end.
class PatientMaps < WatchedMaps
  self.reactive_cache_worker_finder = ->(id, *_args) { new(id) }
  self.reactive_cache_lease_timeout = 120
end

# One that is soon taken over from a process that is gone.
class HastyMaps < WatchedMaps
  self.reactive_cache_worker_finder = ->(id, *_args) { new(id) }
  self.reactive_cache_lease_timeout = 2
end

# One that is soon forgotten.
class BriefMaps < WatchedMaps
  self.reactive_cache_worker_finder = ->(id, *_args) { new(id) }
  self.reactive_cache_lifetime = 1
end

if Sidekiq.server?
  redis = { url: ENV.fetch("REDIS_URL") }
  Sidekiq.configure_server { |config| config.redis = redis }
  store = ActiveSupport::Cache::RedisCacheStore.new(**redis)
  GitlabKube::ReactiveCaching.engine = GitlabKube::ReactiveCaching::Distributed.new(cache: -> { store })
end
