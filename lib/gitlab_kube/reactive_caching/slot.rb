# frozen_string_literal: true

require_relative "../report"
require_relative "key"
require_relative "snapshot"

module GitlabKube
  module ReactiveCaching
    # One key of one record in the engine's store: what a reader may do with it.
    # @api private
    class Slot
      # A value no job comes back for leaves the store by itself; the value of a key that is read is written anew long before.
      RETENTION = 24 * 3600

      # The longest time, in seconds, for which a watch is missed when its process is killed.
      WATCH_LEASE = 15.0

      # @return [String] GitLab's key: the prefix and the qualifiers, joined with ":"
      attr_reader :key
      # @return [#read] where it is stored
      attr_reader :engine

      def initialize(record, args, engine: ReactiveCaching.engine)
        @record = record
        @settings = record.class
        @args = args
        @key = Key.of(record, args)
        @engine = engine
      end

      # Reads, and keeps the key alive; begins a life when there is none.
      # @return [Snapshot, nil] nil when a life had to begin
      def visit
        snapshot = look
        return start unless snapshot.life

        engine.extend(alive_key, snapshot.life.bytes, lifetime)
        revive if overdue?(snapshot)
        snapshot
      end

      # @return [Snapshot] what is there, without keeping it alive
      def look
        Snapshot.new(*(watch? ? engine.read(alive_key, key, failure_key, watched_key) : engine.read(alive_key, key, failure_key)))
      end

      # @return [Boolean] whether the value comes from a watch
      def watch?
        @settings.reactive_cache_source == :watch
      end

      # @param snapshot [Snapshot] with a life
      # @return [Float] when a job is expected, in seconds since the epoch
      def due_at(snapshot)
        watch? ? snapshot.watch_due_at : snapshot.due_at(interval)
      end

      # Begins a life, with one job, however many find the key cold at once.
      # @return [nil]
      def start
        return unless engine.add(alive_key, Life.born.bytes, lifetime)

        forget
        enqueue_or { engine.delete(alive_key) }
      end

      # @return [nil]
      def clear
        engine.delete(alive_key, key, failure_key)
        nil
      end

      # Deletes what outlived its life.
      # @return [void]
      def forget
        engine.delete(key, failure_key)
      end

      # @param delay [Numeric] seconds from now
      # @return [void]
      def enqueue(delay = 0)
        raise ArgumentError, "a class with a reactive cache needs a name" unless @settings.name

        engine.enqueue(@settings.reactive_cache_work_type, @settings.name, @record.id, Key.plain(@args), delay)
      end

      # @return [Float] seconds a key lives after it was last read
      def lifetime
        @settings.reactive_cache_lifetime.to_f
      end

      # @return [Float] seconds from one refresh to the next
      def interval
        @settings.reactive_cache_refresh_interval.to_f
      end

      # @return [Float] seconds one refresh may keep others out
      def lease_timeout
        @settings.reactive_cache_lease_timeout.to_f
      end

      # @return [Float] seconds a watch's lease lasts when its holder does not renew it
      def watch_lease
        [lease_timeout, WATCH_LEASE].min
      end

      # @return [String]
      def alive_key
        @alive_key ||= "#{key}:alive"
      end

      # @return [String]
      def failure_key
        "#{key}:failure"
      end

      # @return [String]
      def watched_key
        "#{key}:watched"
      end

      private

      # The job that should have come is lost (a killed process, a flushed queue): whoever reads sends another, one at a time.
      def revive
        queued = "#{key}:queued"
        enqueue_or { engine.delete(queued) } if engine.add(queued, "\x13".b, patience)
      end

      def overdue?(snapshot)
        watch? ? Time.now.to_f > snapshot.watch_due_at + patience : snapshot.overdue?(interval, patience)
      end

      # Seconds after which what should have happened is taken for lost.
      def patience
        watch? ? watch_lease : lease_timeout
      end

      # A reader answers even where no job can be sent: it takes back its claim, and the next reader tries again.
      def enqueue_or
        enqueue
        nil
      rescue ArgumentError
        yield
        raise
      rescue StandardError => e
        yield
        Report.event("enqueue_failed.gitlab_kube", :error, "no refresh could be queued (#{e.class})", key: key, code: Failure.code_of(e))
      end
    end
  end
end
