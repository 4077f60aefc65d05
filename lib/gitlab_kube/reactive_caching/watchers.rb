# frozen_string_literal: true

require_relative "../clock"
require_relative "../report"
require_relative "watch_lease"
require_relative "watcher"

module GitlabKube
  module ReactiveCaching
    # All watches of this process, and the thread that keeps their leases: a computation that takes long costs no lease.
    # @api private
    class Watchers
      include Clock

      # Seconds in which a process that ends gives its watches to others.
      LAST_WORDS = 3

      @making = Mutex.new

      class << self
        # Watches for a record, here, unless somebody does somewhere.
        # @return [void]
        # @raise [StandardError] what Redis raises
        def start(record, args)
          slot = Slot.new(record, args)
          snapshot = slot.look
          return (slot.forget if snapshot.leftover?) unless snapshot.life

          lease = WatchLease.obtain(slot, snapshot.life) or return
          watcher = Watcher.new(record, args, slot, lease)
          local.add(watcher) or watcher.hand_over
          nil
        end

        # Gives all watches of this process to others, for it is about to end.
        # @return [void]
        def stop
          local.stop
        end

        # @return [Watchers] this process's; a child of fork begins with none
        def local
          local = @local
          return local if local && local.pid == Process.pid

          @making.synchronize { @local && @local.pid == Process.pid ? @local : @local = new }
        end
      end

      # @return [Integer]
      attr_reader :pid

      def initialize
        @pid = Process.pid
        @watchers = []
        @lock = Mutex.new
        @wake = ConditionVariable.new
      end

      # @return [Boolean] whether it began; not in a process that is about to end
      def add(watcher)
        @lock.synchronize do
          return false if @stopped

          @watchers << watcher.start
          @keeper = Thread.new { keep } unless @keeper&.alive?
          @wake.signal
        end
        true
      end

      # @return [void]
      def stop
        watchers = @lock.synchronize do
          @stopped = true
          @watchers.dup
        end
        give_up = now + LAST_WORDS
        watchers.map { |watcher| Thread.new { watcher.hand_over } }.each { |thread| thread.join([give_up - now, 0].max) }
      end

      private

      def keep
        Thread.current.name = "gitlab_kube watches"
        WebRequestGuard.leave
        loop do
          rest
          watchers.each { |watcher| watcher.beat if watcher.beat_at <= now }
        end
      end

      def watchers
        @lock.synchronize do
          @watchers.reject!(&:finished?)
          @watchers.dup
        end
      end

      def rest
        @lock.synchronize do
          next_beat = @watchers.map(&:beat_at).min
          @wake.wait(@lock, next_beat && [next_beat - now, 0.01].max)
        end
      end
    end
  end
end
