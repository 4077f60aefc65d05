# frozen_string_literal: true

require "active_support"
require "active_support/cache"
require "active_support/cache/memory_store"
require "active_support/cache/redis_cache_store"
require "sidekiq/api"
require "gitlab_kube/reactive_caching/distributed"
require "gitlab_kube/reactive_caching/embedded"
require_relative "redis_server"

# The engines a spec runs with, each with its jobs in plain view; none is run by itself.
module ReactiveEngines
  # One Redis for a whole run of the specs.
  def self.redis
    @redis ||= RedisServer.new.start.tap do |server|
      Sidekiq.configure_client { |config| config.redis = { url: server.url, size: 30 } }
      Sidekiq.logger.level = Logger::FATAL
      owner = Process.pid
      at_exit { server.close if Process.pid == owner } # a child that is forked meanwhile may end in any way
    end
  end

  # Jobs wait in the pool: it has no thread.
  class EmbeddedBench
    attr_reader :engine

    def initialize
      @engine = GitlabKube::ReactiveCaching::Embedded.new(threads: 0)
    end

    def jobs
      engine.waiting
    end
  end

  # Jobs wait in Redis: there is no Sidekiq process.
  class DistributedBench
    attr_reader :engine

    def initialize(store)
      ReactiveEngines.redis.client.flushall
      @engine = GitlabKube::ReactiveCaching::Distributed.new(cache: -> { store })
    end

    def jobs
      Sidekiq::Queue.all.sum(&:size) + Sidekiq::ScheduledSet.new.size
    end
  end

  ALL = {
    "embedded" => -> { EmbeddedBench.new },
    "distributed over a memory store" => -> { DistributedBench.new(ActiveSupport::Cache::MemoryStore.new) },
    "distributed over Redis" => -> { DistributedBench.new(ActiveSupport::Cache::RedisCacheStore.new(url: redis.url)) }
  }.freeze
end
