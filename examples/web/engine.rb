# frozen_string_literal: true

# Where values live and who computes them: Redis and Sidekiq where there is a REDIS_URL, this process where there is none.
require "gitlab_kube/reactive_caching"

if ENV["REDIS_URL"]
  require "active_support"
  require "active_support/cache"
  require "active_support/cache/redis_cache_store"
  require "sidekiq"
  require "gitlab_kube/reactive_caching/distributed"

  redis = { url: ENV.fetch("REDIS_URL") }
  Sidekiq.configure_client { |config| config.redis = redis }
  Sidekiq.configure_server do |config|
    config.redis = redis
    config.respond_to?(:[]=) ? config[:poll_interval_average] = 0.5 : Sidekiq.options[:poll_interval_average] = 0.5
  end
  store = ActiveSupport::Cache::RedisCacheStore.new(**redis)
  GitlabKube::ReactiveCaching.engine = GitlabKube::ReactiveCaching::Distributed.new(cache: -> { store })
else
  GitlabKube::ReactiveCaching.engine = :embedded
end
