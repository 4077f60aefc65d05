# frozen_string_literal: true

require_relative "../report"
require_relative "../sidekiq"
require_relative "redis_lease"

module GitlabKube
  module ReactiveCaching
    # The engine of an application with many processes: values in its ActiveSupport::Cache::Store, refreshes by Sidekiq, leases in Redis.
    class Distributed
      # Not GitLab's own prefix: during a rolling deploy the processes with GitLab's concern must not meet our bytes.
      PREFIX = "gitlab_kube:reactive:"

      # @param cache [#call] → the store; `Rails.cache` each time, as applications exchange it
      # @param redis [#call] yields a connection; Sidekiq's pool
      def initialize(cache: -> { ::Rails.cache }, redis: ::Sidekiq.method(:redis))
        @cache = cache
        @redis = redis
        @lease = RedisLease.new(redis)
      end

      # @return [Array<String, nil>] what each key has; nothing when the store does not answer
      def read(*keys)
        stored = names(keys)
        tolerantly([]) { @cache.call.read_multi(*stored).values_at(*stored) }
      end

      # @return [Boolean] whether the key had nothing; of many callers at once, one gets true (as far as the store's `unless_exist` goes)
      def add(key, bytes, seconds)
        tolerantly(false) { @cache.call.write(PREFIX + key, bytes, expires_in: seconds, unless_exist: true) ? true : false }
      end

      # @return [Boolean] whether the store took it; the key has these bytes for `seconds` more
      def extend(key, bytes, seconds)
        tolerantly(false) { @cache.call.write(PREFIX + key, bytes, expires_in: seconds) ? true : false }
      end

      # @return [Boolean] whether the store took it
      # @raise [StandardError] what the store raises
      def write(key, bytes, seconds)
        @cache.call.write(PREFIX + key, bytes, expires_in: seconds) ? true : false
      end

      # @return [void]
      def delete(*keys)
        tolerantly(nil) { names(keys).each_slice(1000) { |slice| @cache.call.delete_multi(slice) } }
      end

      # @return [String, nil] proof of the lease; nil when it is taken
      # @raise [StandardError] what Redis raises
      def obtain(key, seconds)
        @lease.obtain(key, seconds)
      end

      # @return [Boolean] whether the lease is ours still, for `seconds` from now
      # @raise [StandardError] what Redis raises
      def renew(key, token, seconds)
        @lease.renew(key, token, seconds)
      end

      # @return [Boolean] whether the lease was still ours; one that cannot be given back ends by itself
      def release(key, token)
        tolerantly(false) { @lease.release(key, token) }
      end

      # @return [void]
      def remember(set, member, seconds)
        name = "#{PREFIX}#{set}:set"
        tolerantly(nil) do
          @redis.call { |connection| connection.call("SADD", name, member) && connection.call("EXPIRE", name, seconds.ceil.to_s) }
        end
      end

      # @return [Array<String>] what was remembered, forgotten now
      def recall(set)
        name = "#{PREFIX}#{set}:set"
        tolerantly([]) { @redis.call { |connection| connection.call("SMEMBERS", name).tap { connection.call("DEL", name) } } }
      end

      # @return [void]
      # @raise [ArgumentError] for a class without a work type
      # @raise [StandardError] what Sidekiq raises
      def enqueue(work_type, class_name, id, args, delay)
        worker = WORK_TYPE[work_type&.to_sym] or
          raise ArgumentError, "#{class_name} needs a reactive_cache_work_type of #{WORK_TYPES}"
        delay.positive? ? worker.perform_in(delay, class_name, id, *args) : worker.perform_async(class_name, id, *args)
      end

      private

      def names(keys)
        keys.map { |key| PREFIX + key }
      end

      # Reading answers at once, whatever the store is doing.
      def tolerantly(otherwise)
        yield
      rescue StandardError => e
        Report.event("cache_failed.gitlab_kube", :error, "the cache store did not answer (#{e.class})", code: e.class.name)
        otherwise
      end
    end
  end
end
