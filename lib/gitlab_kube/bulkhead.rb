# frozen_string_literal: true

require_relative "errors"
require_relative "bulkhead/circuit"
require_relative "bulkhead/settings"

module GitlabKube
  # Keeps one bad cluster from taking all threads of a process: at most so many calls to it at once, and none for a while after so
  # many failures in a row. Both are the application's to switch on ({Configuration#concurrency_limit},
  # {Configuration#circuit_breaker}), not a cluster record's. Whoever is over the limit is refused at once; nobody waits. A stream counts
  # while it is opened.
  #
  # One for each server's URL, the way to it and process: all clients of a server share it but for those behind another proxy, which says
  # nothing about the server. A forked child begins anew.
  # @api private
  class Bulkhead
    # Whoever can name URLs could otherwise fill the memory with failing ones. The oldest is forgotten first.
    MOST = 10_000

    class << self
      # @param url [String]
      # @param proxy [String, nil]
      # @return [Bulkhead] of this process
      def for(url, proxy = nil)
        way = [url, proxy]
        LOCK.synchronize do
          @all = {} if @pid != Process.pid
          @pid = Process.pid
          @all.shift if @all.size >= MOST && !@all.key?(way)
          @all[way] ||= new
        end
      end
    end
    LOCK = Mutex.new
    private_constant :LOCK

    def initialize
      @lock = Mutex.new
      @running = 0
      @circuit = Circuit.new
    end

    # @param config [Configuration]
    # @param patient [Boolean] whether the call has its own time; one that a web request cuts short says nothing about the cluster
    # @return [Object] what the block returns
    # @raise [ConcurrencyLimitError] where that many calls are under way
    # @raise [CircuitOpenError] where the cluster has failed too often
    def enter(config, patient: true)
      entered = probe = verdict = nil
      undisturbed do
        probe = admit(config)
        entered = true
      end
      yield.tap { verdict = :success }
    rescue StandardError => e
      verdict = Circuit.verdict(e, patient: patient)
      raise
    ensure
      undisturbed { leave(verdict, probe, config.circuit_breaker) } if entered
    end

    # @return [Symbol] :closed, :open or :half_open
    def state
      @lock.synchronize { @circuit.state }
    end

    private

    # @return [Boolean] whether this call is the one that tries
    def admit(config)
      limit = config.concurrency_limit
      raise ConcurrencyLimitError.new(nil, "#{limit} calls to this server are under way in this process") if limit && @running >= limit

      probe = config.circuit_breaker ? @circuit.admit : false
      @running += 1
      probe
    end

    def leave(verdict, probe, breaker)
      @running -= 1
      breaker ? @circuit.hear(verdict, probe: probe, **breaker) : @circuit.reset
    end

    # A Thread#kill between counting and remembering that it was counted would take a place for ever.
    def undisturbed(&block)
      Thread.handle_interrupt(Object => :never) { @lock.synchronize(&block) }
    end
  end
end
