# frozen_string_literal: true

# A cached value that follows the cluster: nobody polls, and reading costs no request. KUBECONFIG=… ruby -Ilib examples/live_value.rb
require_relative "support/cluster"

# The ConfigMaps of one namespace, which is its id.
class LiveConfigMaps
  include GitlabKube::ReactiveCaching

  self.reactive_cache_work_type = :external_dependency
  self.reactive_cache_worker_finder = ->(id, *_args) { new(id) }
  reactive_cache_source :watch

  attr_reader :id

  def initialize(id)
    @id = id
  end

  def reactive_cache_informers
    { maps: Cluster.client.core_client.informer("configmaps", namespace: id) }
  end

  def calculate_reactive_cache(maps:)
    maps.map { |map| map.metadata.name }.sort
  end
end

def wait_until
  sleep 0.01 until yield
end

client = Cluster.client
name = "live-value-#{Process.pid}"
client.create_namespace(metadata: { name: name })
maps = LiveConfigMaps.new(name)
wait_until { maps.with_reactive_cache }

%w[one two].each do |map|
  client.create_config_map(metadata: { name: map, namespace: name })
  wait_until { maps.with_reactive_cache.include?(map) }
end
client.delete_config_map("one", name)
wait_until { !maps.with_reactive_cache.include?("one") }
puts maps.with_reactive_cache.join(" "), maps.reactive_cache_live?
client.delete_namespace(name)
