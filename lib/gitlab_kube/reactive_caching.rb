# frozen_string_literal: true

require_relative "web_request_guard"
require_relative "reactive_caching/settings"
require_relative "reactive_caching/errors"
require_relative "reactive_caching/engine"
require_relative "reactive_caching/slot"
require_relative "reactive_caching/refresh"

module GitlabKube
  # Values that are slow or dangerous to get, computed in the background and read at once: GitLab's concern, for any class with an id.
  #
  # A reader gets the last value, however old, or nil while there is none. One job per key computes, again at each interval as long
  # as somebody reads. A computation that fails leaves the last value, says why ({#reactive_cache_error}) and is tried again later.
  #
  # @example
  #   class Cluster < ApplicationRecord
  #     include GitlabKube::ReactiveCaching
  #     self.reactive_cache_work_type = :external_dependency
  #
  #     def calculate_reactive_cache
  #       { pods: kubeclient.get_pods(namespace: "default").pluck("metadata.name", "status.phase") }
  #     end
  #   end
  #
  #   cluster.with_reactive_cache { |data| data[:pods] } # => nil, and a moment later the pods
  module ReactiveCaching
    # What `reactive_cache_work_type` may be; `:external_dependency` for everything that calls a cluster.
    WORK_TYPES = %i[no_dependency external_dependency].freeze

    # Passed on to what includes the including module, so that a concern can be built on this one. Before ActiveSupport::Concern runs
    # its `included do … end`, where the class attributes are set.
    # @api private
    module Inherited
      def append_features(base)
        ReactiveCaching.included(base)
        super
      end
    end
    private_constant :Inherited

    # @api private
    def self.included(base)
      super
      base.is_a?(Class) ? base.extend(Settings) : base.singleton_class.prepend(Inherited)
    end

    Settings::DEFAULTS.each_key do |name|
      define_method(name) { self.class.public_send(name) }
    end

    # Reads the value and keeps it alive; the first reader has it computed. Never waits, never calls a cluster.
    #
    # @param args [Array] qualifiers: each set of them has a value of its own (strings, numbers, booleans; Hashes of these)
    # @yieldparam value [Object] the last value that was computed; not called while there is none
    # @return [Object, nil] what the block returns (without one, the value), or nil while the value is computed for the first time
    # @raise [ArgumentError] when the class has no name or no work type
    # @example
    #   with_reactive_cache("production") { |data| data[:pods].size }
    def with_reactive_cache(*args)
      slot = Slot.new(self, args)
      value = slot.visit&.stored&.value
      return if value.nil?

      block_given? ? yield(value) : value
    rescue InvalidateReactiveCache
      slot.clear
      slot.start
    end

    # As {#with_reactive_cache} with two arguments, remembering the second, so that all values of the first can be cleared together.
    # @param resource [Object]
    # @param opts [Object]
    # @return [Object, nil]
    # @raise [ArgumentError] as {#with_reactive_cache}
    # @example
    #   with_reactive_cache_set("alerts", { page: 1 }) { |alerts| alerts }
    def with_reactive_cache_set(resource, opts, &block)
      data = with_reactive_cache(resource, opts, &block)
      ReactiveCaching.engine.remember(Key.of(self, [resource]), Key.of(self, [resource, opts]), Slot::RETENTION) if data
      data
    end

    # In development, the value computed here and now; elsewhere as {#with_reactive_cache}.
    # @return [Object, nil]
    # @raise [StandardError] in development, what the computation raises
    # @example
    #   without_reactive_cache { |data| data }
    def without_reactive_cache(*args, &block)
      return with_reactive_cache(*args, &block) unless defined?(::Rails) && ::Rails.respond_to?(:env) && ::Rails.env == "development"

      record = self.class.reactive_cache_worker_finder.call(id, *args)
      data = WebRequestGuard.allow_cluster_calls { record && Refresh.compute(record, args) }
      yield data unless data.nil?
    end

    # Forgets the value; the next reader has it computed anew. A computation under way keeps its value to itself.
    # @return [nil]
    # @raise nothing
    # @example
    #   cluster.clear_reactive_cache!
    def clear_reactive_cache!(*args)
      Slot.new(self, args).clear
    end

    # Forgets every value {#with_reactive_cache_set} has read for these arguments.
    # @return [nil]
    # @raise nothing
    # @example
    #   clear_reactive_cache_set!("alerts")
    def clear_reactive_cache_set!(*args)
      engine = ReactiveCaching.engine
      keys = engine.recall(Key.of(self, args))
      engine.delete(*keys.flat_map { |key| ["#{key}:alive", key, "#{key}:failure"] }) if keys.any?
      nil
    end

    # Computes the value, unless somebody is at it or nobody has read it for its lifetime, and queues the next refresh.
    # @return [nil]
    # @raise [ExceededReactiveCacheLimit] the value is larger than `reactive_cache_hard_limit`; the one before it stays
    # @raise [StandardError] what `calculate_reactive_cache` raised; the value before it stays and a later refresh is queued
    # @example
    #   cluster.exclusively_update_reactive_cache!
    def exclusively_update_reactive_cache!(*args)
      Refresh.new(self, args).call
    end

    # What the value is computed from where the source is `:watch`: called once when a watch begins. Override it. `calculate_reactive_cache`
    # is given those it has keyword arguments for, each with everything there is.
    # @return [Hash{Symbol => Informer}] not started
    # @raise nothing
    # @example
    #   def reactive_cache_informers(namespace)
    #     { pods: kubeclient.core_client.informer("pods", namespace: namespace) }
    #   end
    #
    #   def calculate_reactive_cache(namespace, pods:)
    #     pods.map { |pod| [pod.metadata.name, pod.status.phase] }
    #   end
    def reactive_cache_informers(*args) # rubocop:disable Lint/UnusedMethodArgument -- the names of what is overridden
      {}
    end

    # Called after a refresh that changed the value. Override it.
    # @return [void]
    # @example
    #   def reactive_cache_updated(*) = Gitlab::EtagCaching::Store.new.touch(path)
    def reactive_cache_updated(*args); end

    # @return [Float, nil] seconds since the computation of the present value began; nil without a value
    # @raise nothing
    # @example
    #   "as of #{cluster.reactive_cache_age.round} s ago"
    def reactive_cache_age(*args)
      Slot.new(self, args).look.age
    end

    # @return [Failure, nil] why the last refresh failed and when it is tried again; nil when it did not fail
    # @raise nothing
    # @example
    #   cluster.reactive_cache_error&.code # => 403
    def reactive_cache_error(*args)
      Slot.new(self, args).look.failure
    end

    # @return [Boolean] whether a refresh is due: of several jobs for one key the first does the work
    # @raise nothing
    # @example
    #   record.exclusively_update_reactive_cache! if record.reactive_cache_due?
    def reactive_cache_due?(*args)
      slot = Slot.new(self, args)
      snapshot = slot.look
      snapshot.life.nil? || slot.due_at(snapshot) - Time.now.to_f < slot.interval / 2
    end

    # @return [Boolean] whether what {#with_reactive_cache} gives is what the cluster has now: a process watches, and its last look went
    #   well. Always false where the source is `:poll`
    # @raise nothing
    # @example
    #   cluster.reactive_cache_live? ? "live" : "as of #{cluster.reactive_cache_age&.round} s ago"
    def reactive_cache_live?(*args)
      snapshot = Slot.new(self, args).look
      snapshot.watched? && !snapshot.stored.nil? && snapshot.failure.nil?
    end
  end
end
