# frozen_string_literal: true

require_relative "../native"
require_relative "errors"
require_relative "refresh_pool"

module GitlabKube
  module ReactiveCaching
    # The engine without set-up: values in this process, in the Rust store; refreshes by a few threads of this process.
    class Embedded
      # What one process has; a child of fork begins with nothing and leaves its parent's alone.
      # @api private
      Local = Struct.new(:pid, :store, :pool, :sets)
      private_constant :Local

      # @param capacity [Integer] bytes of all values together
      # @param threads [Integer] refreshes at once
      def initialize(capacity: 64 << 20, threads: 4)
        @capacity = capacity
        @threads = threads
        @making = Mutex.new
      end

      # @return [Array<String, nil>] what each key has
      def read(*keys)
        local.store.read(keys)
      end

      # @return [Boolean] whether the key had nothing; of many callers at once, one gets true
      def add(key, bytes, seconds)
        local.store.add(key, bytes, seconds.to_f)
      end

      # @return [Boolean] whether the key still had these bytes; it has them for `seconds` more
      def extend(key, bytes, seconds)
        local.store.extend(key, bytes, seconds.to_f)
      end

      # @return [true]
      # @raise [ExceededReactiveCacheLimit] for more than a quarter of the capacity
      def write(key, bytes, seconds)
        local.store.write(key, bytes, seconds.to_f) or
          raise ExceededReactiveCacheLimit, "the value has #{bytes.bytesize} bytes, the store takes #{@capacity / 4}"
      end

      # @return [void]
      def delete(*keys)
        local.store.delete(keys)
      end

      # @return [Integer, nil] proof of the lease; nil when it is taken
      def obtain(key, seconds)
        local.store.obtain(key, seconds.to_f)
      end

      # @return [Boolean] whether the lease is ours still, for `seconds` from now
      def renew(key, token, seconds)
        local.store.renew(key, token, seconds.to_f)
      end

      # @return [Boolean] whether the lease was still ours
      def release(key, token)
        local.store.release(key, token)
      end

      # @return [void]
      def remember(set, member, seconds)
        local.sets.synchronize { local.store.write("#{set}:set", Marshal.dump(members(set) | [member]), seconds.to_f) }
      end

      # @return [Array<String>] what was remembered, forgotten now
      def recall(set)
        local.sets.synchronize { members(set).tap { local.store.delete(["#{set}:set"]) } }
      end

      # @return [void]
      # @raise [ArgumentError] for a class without a work type: what works here must work with the other engine
      def enqueue(work_type, class_name, id, args, delay)
        WORK_TYPES.include?(work_type&.to_sym) or raise ArgumentError, "#{class_name} needs a reactive_cache_work_type of #{WORK_TYPES}"
        local.pool.push(class_name, id, args, delay.to_f)
      end

      # @return [Integer] refreshes that wait for their time or for a thread
      def waiting
        local.pool.size
      end

      private

      def members(set)
        bytes = local.store.read(["#{set}:set"]).first
        bytes ? Marshal.load(bytes) : [] # rubocop:disable Security/MarshalLoad -- our own, in this process
      end

      def local
        local = @local
        return local if local && local.pid == Process.pid

        @making.synchronize do
          next @local if @local && @local.pid == Process.pid

          @local = Local.new(Process.pid, Native::Store.new(@capacity), RefreshPool.new(@threads), Mutex.new)
        end
      end
    end
  end
end
