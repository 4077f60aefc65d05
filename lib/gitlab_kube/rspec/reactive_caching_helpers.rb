# frozen_string_literal: true

require_relative "../reactive_caching"

module GitlabKube
  module RSpec
    # What specs of classes with a reactive cache are written with, under the names GitLab's specs use. Works with both engines.
    #
    # @example
    #   RSpec.describe Cluster do
    #     include GitlabKube::RSpec::ReactiveCachingHelpers
    #
    #     it "shows the cached pods" do
    #       stub_reactive_cache(cluster, { pods: ["web-1"] })
    #       expect(cluster.pods).to eq(["web-1"])
    #     end
    #   end
    module ReactiveCachingHelpers
      # @param subject [ReactiveCaching]
      # @param qualifiers [Array]
      # @return [String] the key of the value
      # @example
      #   reactive_cache_key(cluster, "pods") # => "cluster:1:pods"
      def reactive_cache_key(subject, *qualifiers)
        ReactiveCaching::Key.of(subject, qualifiers)
      end

      # @return [String] the key of the alive mark
      # @example
      #   alive_reactive_cache_key(cluster) # => "cluster:1:alive"
      def alive_reactive_cache_key(subject, *qualifiers)
        reactive_cache_key(subject, *qualifiers, "alive")
      end

      # No job is queued any more, for any record; with `data`, that is what `subject` has cached.
      # @return [void]
      # @example
      #   stub_reactive_cache(cluster, { pods: [] })
      def stub_reactive_cache(subject = nil, data = nil, *qualifiers)
        if distributed_reactive_cache?
          ReactiveCaching::WORK_TYPE.each_value { |worker| allow(worker).to receive_messages(perform_async: nil, perform_in: nil) }
        else
          allow(ReactiveCaching.engine).to receive(:enqueue)
        end
        write_reactive_cache(subject, data, *qualifiers) unless data.nil?
      end

      # `with_reactive_cache` of `subject` computes here and now.
      # @return [void]
      # @example
      #   synchronous_reactive_cache(cluster)
      def synchronous_reactive_cache(subject)
        allow(subject).to receive(:with_reactive_cache) do |*args, &block|
          block.call(WebRequestGuard.allow_cluster_calls { ReactiveCaching::Refresh.compute(subject, args) })
        end
      end

      # @return [Object, nil] what is cached
      # @example
      #   expect(read_reactive_cache(cluster)).to eq(pods: [])
      def read_reactive_cache(subject, *qualifiers)
        ReactiveCaching::Slot.new(subject, qualifiers).look.stored&.value
      end

      # @return [void]
      # @example
      #   write_reactive_cache(cluster, { pods: [] })
      def write_reactive_cache(subject, data, *qualifiers)
        start_reactive_cache_lifetime(subject, *qualifiers)
        slot = ReactiveCaching::Slot.new(subject, qualifiers)
        stored = ReactiveCaching::Stored.of(data, life: slot.look.life, refreshed_at: Time.now.to_f)
        slot.engine.write(slot.key, stored.bytes, ReactiveCaching::Slot::RETENTION)
      end

      # @return [Boolean]
      # @example
      #   expect(reactive_cache_alive?(cluster)).to be(true)
      def reactive_cache_alive?(subject, *qualifiers)
        !ReactiveCaching::Slot.new(subject, qualifiers).look.life.nil?
      end

      # Ends the lifetime, as if nobody had read for long.
      # @return [void]
      # @example
      #   invalidate_reactive_cache(cluster)
      def invalidate_reactive_cache(subject, *qualifiers)
        slot = ReactiveCaching::Slot.new(subject, qualifiers)
        slot.engine.delete(slot.alive_key)
      end

      # Begins a lifetime, as a first reader does, without a job.
      # @return [void]
      # @example
      #   start_reactive_cache_lifetime(cluster)
      def start_reactive_cache_lifetime(subject, *qualifiers)
        slot = ReactiveCaching::Slot.new(subject, qualifiers)
        slot.engine.add(slot.alive_key, ReactiveCaching::Life.born.bytes, slot.lifetime)
      end

      # Expects the next refresh of `subject` to be queued, one refresh interval from then.
      # @param worker_klass [Class, nil] the worker, where Sidekiq does the work; nil for the one of the class's work type
      # @return [void]
      # @example
      #   expect_reactive_cache_update_queued(cluster)
      #   cluster.exclusively_update_reactive_cache!
      def expect_reactive_cache_update_queued(subject, worker_klass: nil)
        type = subject.class.reactive_cache_work_type
        interval = subject.class.reactive_cache_refresh_interval
        if distributed_reactive_cache?
          worker = worker_klass || ReactiveCaching::WORK_TYPE.fetch(type)
          expect(worker).to receive(:perform_in).with(interval, subject.class.name, subject.id)
        else
          expect(ReactiveCaching.engine).to receive(:enqueue).with(type, subject.class.name, subject.id, [], interval)
        end
      end

      private

      def distributed_reactive_cache?
        defined?(ReactiveCaching::Distributed) && ReactiveCaching.engine.is_a?(ReactiveCaching::Distributed)
      end
    end
  end
end
