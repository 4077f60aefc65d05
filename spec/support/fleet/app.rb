# frozen_string_literal: true

# The application of the fleet specs: one class with a reactive cache in Redis. Loaded by Sidekiq processes and by readers.
$LOAD_PATH.unshift File.expand_path("../../../lib", __dir__)
require "active_support"
require "active_support/cache"
require "active_support/cache/redis_cache_store"
require "digest"
require "sidekiq"
require "gitlab_kube/reactive_caching"
require "gitlab_kube/reactive_caching/distributed"

REDIS_URL = ENV.fetch("REDIS_URL")
Sidekiq.configure_client { |config| config.redis = { url: REDIS_URL } }
Sidekiq.configure_server do |config|
  config.redis = { url: REDIS_URL }
  config.respond_to?(:[]=) ? config[:poll_interval_average] = 0.5 : Sidekiq.options[:poll_interval_average] = 0.5
end

STORE = ActiveSupport::Cache::RedisCacheStore.new(url: REDIS_URL, reconnect_attempts: 0)
GitlabKube::ReactiveCaching.engine = GitlabKube::ReactiveCaching::Distributed.new(cache: -> { STORE })

# A value that shows whether it is right: its number comes from a counter, its proof from the number and the id.
class FleetThing
  include GitlabKube::ReactiveCaching

  self.reactive_cache_work_type = :external_dependency
  self.reactive_cache_worker_finder = ->(id, *_args) { new(id) }
  self.reactive_cache_refresh_interval = 0.5
  self.reactive_cache_lease_timeout = 2
  self.reactive_cache_lifetime = 600

  attr_reader :id

  def initialize(id)
    @id = id
  end

  def self.proof(id, number)
    Digest::SHA256.hexdigest("#{id}/#{number}")
  end

  def calculate_reactive_cache
    number = Sidekiq.redis { |redis| redis.call("INCR", "computed:#{id}") }
    sleep rand(0.2..0.6) # most of the time somebody is computing
    { "id" => id, "number" => number, "proof" => self.class.proof(id, number), "filling" => "x" * 10_000 }
  end
end

# One that is not due again while a spec looks, and whose job is not taken for lost.
class SlowThing < FleetThing
  self.reactive_cache_worker_finder = ->(id, *_args) { new(id) }
  self.reactive_cache_refresh_interval = 600
  self.reactive_cache_lease_timeout = 600
end
