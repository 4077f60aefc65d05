# frozen_string_literal: true

# Entrants in processes of their own, which take turns: what else the machine does hits all of them.
require "json"
require_relative "meter"
require_relative "report"
require_relative "result"

module Bench
  # Keeps all threads of a process on one core.
  def self.pin(pid, core)
    system("taskset", "-a", "-p", "-c", core.to_s, pid.to_s, out: File::NULL, exception: true)
  end

  # `entrant` names one; `run` lets them take turns and gives each one's rounds.
  class Contest
    # `BENCH_PEERS=native` runs those entrants only, whose names have this in them.
    PEERS = Regexp.new(ENV.fetch("BENCH_PEERS", ""))

    # @param server [Server, nil] counts the bytes of each turn
    # @param warm [Boolean] whether each entrant has a turn that does not count
    # @param core [Integer, nil] the only one that entrants may use: where a turn is many wakes of two processes, it is else a matter of
    #   luck how far they have to go
    def initialize(rounds: 5, server: nil, warm: true, core: nil)
      @rounds = rounds
      @core = core
      @server = server
      @warm = warm
      @entrants = {}
    end

    # @yieldreturn [#call] what is measured; the block around it prepares it, in the entrant's own process
    def entrant(name, &prepare)
      @entrants[name] = prepare if PEERS.match?(name)
    end

    # An entrant that is no Ruby: answers "ready" when it has collected its garbage, and any other line with one of JSON.
    def command(name, *command)
      command = ["taskset", "-c", @core.to_s, *command] if @core
      @entrants[name] = command if PEERS.match?(name)
    end

    # @return [Hash{String => Result}]
    def run
      pipes = @entrants.transform_values { |entrant| entrant.is_a?(Proc) ? fork_entrant(entrant) : IO.popen(entrant, "r+") }
      pipes.each { |name, pipe| turn(name, pipe) } if @warm
      # Another is first each time: nobody always comes after the same one.
      rounds = Array.new(@rounds) { |round| pipes.to_a.rotate(round).to_h { |name, pipe| [name, turn(name, pipe)] } }
      pipes.values.reverse_each(&:close) # a later entrant has the earlier pipes open, too
      pipes.to_h { |name, _| [name, Result.new(rounds.map { |round| round.fetch(name) })] }
    end

    private

    # What the entrant says of itself, and what is seen from outside: processor time, memory and bytes.
    def turn(name, pipe)
      ask(name, pipe, "ready")
      meter = Meter.new(pipe.pid, @server)
      said = ask(name, pipe, "go")
      meter.read.merge(said)
    end

    def ask(name, pipe, line)
      pipe.puts(line)
      JSON.parse(pipe.gets || raise("#{name} has died"), symbolize_names: true)
    end

    def fork_entrant(prepare)
      IO.popen("-", "r+").tap do |pipe|
        next if pipe

        Bench.pin(Process.pid, @core) if @core
        work = prepare.call
        $stdin.each_line { |line| $stdout.puts(JSON.generate(line == "ready\n" ? collect : measure(work))) && $stdout.flush }
        exit!
      end
    end

    def collect
      GC.start
      {}
    end

    def measure(work)
      objects = GC.stat(:total_allocated_objects)
      kept = nil
      seconds = Bench.seconds { kept = work.call }
      { seconds: seconds, objects: GC.stat(:total_allocated_objects) - objects, extra: kept.is_a?(Hash) ? kept : nil }
    end
  end
end
