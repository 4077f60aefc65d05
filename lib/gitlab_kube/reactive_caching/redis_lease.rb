# frozen_string_literal: true

require "securerandom"

module GitlabKube
  module ReactiveCaching
    # A lease in Redis: SET NX with an end of its own, given back only by its holder (https://redis.io/docs/latest/commands/set/#patterns).
    #
    # Commands go through `call`, which the redis gem (4 and 5), redis-client and Sidekiq 7's client all have.
    # @api private
    class RedisLease
      PREFIX = "gitlab_kube:lease:"
      RELEASE = <<~LUA
        if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) else return 0 end
      LUA

      RENEW = <<~LUA
        if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("pexpire", KEYS[1], ARGV[2]) else return 0 end
      LUA

      # @param redis [#call] yields a connection
      def initialize(redis)
        @redis = redis
      end

      # @return [String, nil] proof of the lease; nil when it is taken
      def obtain(key, seconds)
        token = SecureRandom.uuid
        token if @redis.call { |connection| connection.call("SET", PREFIX + key, token, "NX", "PX", (seconds * 1000).ceil.to_s) } == "OK"
      end

      # @return [Boolean] whether the lease is ours still, for `seconds` from now
      def renew(key, token, seconds)
        @redis.call { |connection| connection.call("EVAL", RENEW, "1", PREFIX + key, token, (seconds * 1000).ceil.to_s) } == 1
      end

      # @return [Boolean] whether the lease was still ours
      def release(key, token)
        @redis.call { |connection| connection.call("EVAL", RELEASE, "1", PREFIX + key, token) } == 1
      end
    end
  end
end
