# frozen_string_literal: true

# Caching: a read of the reactive cache, embedded and over Redis, for a small value and for a list of 100 pods
require "active_support"
require "active_support/cache"
require "active_support/cache/redis_cache_store"
require "sidekiq/api"
require "gitlab_kube"
require "gitlab_kube/reactive_caching/distributed"
require "gitlab_kube/reactive_caching/embedded"
require_relative "../spec/support/redis_server"
require_relative "support/contest"
require_relative "support/server"

# A record whose value is what pages show of clusters.
class Cached
  include GitlabKube::ReactiveCaching
  self.reactive_cache_work_type = :no_dependency
  self.reactive_cache_key = ->(record) { ["cached", record.id] }
  self.reactive_cache_worker_finder = ->(id, *_) { new(id) }
  self.reactive_cache_refresh_interval = 3600
  self.reactive_cache_lifetime = 7200

  class << self
    attr_accessor :client
  end

  attr_reader :id

  def initialize(id)
    @id = id
  end

  def calculate_reactive_cache
    id == "list" ? self.class.client.get_pods(namespace: "g100") : { "status" => "connected" }
  end

  def read
    with_reactive_cache { |value| id == "list" ? value.size : value.fetch("status") }
  end
end

READS = 200
server = Bench::Server.new
report = Bench::Report.new("caching")
redis = RedisServer.new.start
Sidekiq.configure_client { |config| config.redis = { url: redis.url } }
Sidekiq.logger.level = Logger::FATAL
engines = {
  "embedded" => -> { GitlabKube::ReactiveCaching::Embedded.new },
  "distributed, Redis" => lambda do
    store = ActiveSupport::Cache::RedisCacheStore.new(url: redis.url)
    GitlabKube::ReactiveCaching::Distributed.new(cache: -> { store })
  end
}

contest = Bench::Contest.new(rounds: 5)
engines.each do |engine, make|
  { "a small value" => "small", "100 pods" => "list" }.each do |what, id|
    contest.entrant("#{engine}, #{what}") do
      GitlabKube::ReactiveCaching.engine = make.call
      Cached.client = server.native
      record = Cached.new(id)
      record.read # says that somebody reads it
      record.exclusively_update_reactive_cache!
      record.read or raise "#{engine} has no value"
      -> { READS.times { record.read } && nil }
    end
  end
end
results = contest.run
report.table("#{READS} reads of the reactive cache", results)
microseconds = ->(result) { (result.median / READS * 1e6).round(1) }
report.note("µs a read", results.transform_values(&microseconds).inspect)

threads = Bench::Contest.new(rounds: 3)
threads.entrant("embedded, 25 threads") do
  GitlabKube::ReactiveCaching.engine = engines.fetch("embedded").call
  record = Cached.new("small")
  record.read
  record.exclusively_update_reactive_cache!
  -> { Array.new(25) { Thread.new { (READS / 25).times { record.read } } }.each(&:join) && nil }
end
report.note("µs a read, 25 threads", threads.run.transform_values(&microseconds).inspect)
redis.close
report.save
