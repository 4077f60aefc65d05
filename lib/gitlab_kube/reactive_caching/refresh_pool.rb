# frozen_string_literal: true

require_relative "../clock"
require_relative "../report"
require_relative "../web_request_guard"
require_relative "executor"

module GitlabKube
  module ReactiveCaching
    # A few threads that do refreshes when they are due, inside the application's executor.
    # @api private
    class RefreshPool
      include Clock

      Job = Struct.new(:at, :class_name, :id, :args)
      private_constant :Job

      # @param threads [Integer] started as they are needed
      def initialize(threads)
        @threads = threads
        @workers = []
        @idle = 0
        @jobs = [] # by time
        @lock = Mutex.new
        @wake = ConditionVariable.new
      end

      # @return [void]
      def push(class_name, id, args, delay)
        job = Job.new(now + delay, class_name, id, args)
        @lock.synchronize do
          @jobs.insert(@jobs.bsearch_index { |other| other.at > job.at } || -1, job)
          start if @idle < [@jobs.size, 1].max && @workers.count(&:alive?) < @threads
          @wake.signal
        end
      end

      # @return [Integer] jobs that wait for their time or for a thread
      def size
        @lock.synchronize { @jobs.size }
      end

      private

      def start
        @workers.select!(&:alive?)
        @workers << Thread.new do
          Thread.current.name = "gitlab_kube refresh"
          WebRequestGuard.leave # the reader that had it started may be answering a web request
          loop { run(take) }
        end
      end

      def take
        @lock.synchronize do
          @idle += 1
          wait until (job = due)
          job
        ensure
          @idle -= 1
        end
      end

      def due
        @jobs.shift if @jobs.first && @jobs.first.at <= now
      end

      def wait
        @wake.wait(@lock, @jobs.first && [@jobs.first.at - now, 0].max)
      end

      def run(job)
        Executor.wrap { Refresh.perform(job.class_name, job.id, *job.args) }
      rescue StandardError, ScriptError => e
        Report.event("refresh_broken.gitlab_kube", :error, "a refresh of #{job.class_name} broke: #{e.class}", code: e.class.name)
      end
    end
  end
end
