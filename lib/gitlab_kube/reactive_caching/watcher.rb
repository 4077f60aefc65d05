# frozen_string_literal: true

require_relative "../backoff"
require_relative "../clock"
require_relative "../report"
require_relative "../web_request_guard"
require_relative "computation"
require_relative "executor"
require_relative "informers"
require_relative "setback"
require_relative "timetable"

module GitlabKube
  module ReactiveCaching
    # Watches for one key: computes its value anew when one of the record's informers says that something has changed. Has a thread of
    # its own, and is told by another ({Watchers}) to keep its lease.
    #
    # It ends when nobody reads the key, when its lease is lost, when its process ends, and when the cluster refuses: then a job comes
    # after a while, finds the record anew and starts another.
    # @api private
    class Watcher
      include Clock

      # What passes by itself: the informers go on trying. Everything else takes a record that has changed, or patience.
      PASSING = [*Backoff::PASSING, GoneError].freeze

      # @return [Float] when {#beat} is expected, by the monotonic clock
      attr_reader :beat_at

      def initialize(record, args, slot, lease)
        @source = [record.class.name, record.id, args]
        @args = args
        @slot = slot
        @lease = lease
        @times = Timetable.new(slot.interval)
        @lock = Mutex.new
        @wake = ConditionVariable.new
        @missed = 0
        @beat_at = now + (lease.seconds / 3)
      end

      # @return [self]
      def start
        @lease.show
        Thread.new { run }
        self
      end

      # @return [Boolean]
      def finished?
        @finished ? true : false
      end

      # Renews the lease; ends the watch that has lost it, or that nobody reads any more.
      # @return [void]
      def beat
        @beat_at = now + (@lease.seconds / 3)
        return finish unless @lease.renew
        return unread unless alive?

        @missed = 0
        @lease.show
      rescue StandardError => e
        report(e)
      end

      # Ends the watch, and has another process begin one.
      # @return [void]
      def hand_over(delay = 0)
        finish do
          @lease.hide
          @slot.enqueue(delay)
        end
      rescue StandardError => e
        report(e)
      end

      private

      # @return [Boolean] also when the store does not answer just now
      def alive?
        @alive = @slot.engine.read(@slot.alive_key)
        @alive.all? { |mark| Life.parse(mark)&.id == @lease.life.id }
      end

      # Nobody reads, or the key has begun another life. (A store that is away for a moment may say that there is no mark.)
      def unread
        return finish if @alive.first
        return if (@missed += 1) < 2

        @slot.forget
        finish
      end

      # What is told by other threads comes through {#finished?} and {#changed}.
      def run
        Thread.current.name = "gitlab_kube watch"
        WebRequestGuard.leave # the reader that had it started may be answering a web request
        catch(:gone) do
          Executor.wrap { @informers = Informers.new(record, @args) }
          @informers.start { changed }
          turn until finished?
        end
      rescue StandardError, ScriptError => e
        give_up(e)
      ensure
        finish
        @informers&.stop
      end

      # One round: at most a second of waiting, then what is due.
      def turn
        @synced ||= @informers.wait_until_synced(Informers::PATIENCE)
        look_for_trouble(@informers.error)
        return unless @synced

        wait
        return if finished?

        changed if @times.check? && misplaced?
        compute if @times.due?
      end

      def wait
        @lock.synchronize { @wake.wait(@lock, @times.pause) unless finished? || @times.due? }
      end

      def changed
        @lock.synchronize do
          @times.changed
          @wake.signal
        end
      end

      # Whether the cache has lost the value, is about to, or has another's: that of an earlier holder of the lease, who was writing when
      # it ended.
      def misplaced?
        stored = @slot.look.stored
        stored.nil? || stored.refreshed_at != @kept&.refreshed_at || Time.now.to_f - stored.refreshed_at > Slot::RETENTION / 2
      end

      def compute
        @times.began
        before = @slot.look
        Executor.wrap { @kept = keep(before) } if ours?(before)
        @times.ended
      rescue StandardError => e
        @times.failed(setback(e))
      end

      # @return [Stored, nil]
      def keep(before)
        current = record
        computation = Computation.new(current, @args, @slot, before)
        computation.call(permitted: @lease.method(:renew)) { @informers.compute(current, @args) }
        computation.kept
      end

      # As a job would find it: the application may have changed it.
      def record
        Refresh.find(*@source) || throw(:gone)
      end

      def look_for_trouble(error)
        return recover if error.nil?
        return if error.equal?(@trouble)

        @troubled_at ||= now
        passing = PASSING.any? { |kind| error.is_a?(kind) } && now - @troubled_at < @slot.lease_timeout
        raise error unless passing

        @trouble = error
        setback(error, delay: Backoff::LONGEST)
      end

      # A value of its own ends the failure.
      def recover
        changed if @trouble
        @trouble = @troubled_at = nil
      end

      # @return [Numeric] seconds until the next try
      def setback(error, delay: nil)
        before = @slot.look
        ours?(before) && @lease.renew ? Setback.record(@slot, error, before, delay: delay) : @slot.interval
      end

      def ours?(snapshot)
        snapshot.life&.id == @lease.life.id
      end

      def give_up(error)
        hand_over(setback(error))
      rescue StandardError => e
        report(e) # nothing can be recorded; readers will send a job
      end

      # The informers end before another may have the lease.
      def finish
        @lock.synchronize do
          return if finished?

          @finished = true
          @wake.broadcast
        end
        @informers&.stop
        @lease.release
        yield if block_given?
      end

      def report(error)
        Report.event("watch_failed.gitlab_kube", :error, "a watch of a reactive cache failed: #{error.class}",
                     key: @slot.key, code: Failure.code_of(error))
      end
    end
  end
end
