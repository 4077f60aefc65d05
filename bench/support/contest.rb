# frozen_string_literal: true

# Entrants in processes of their own, which take turns: what else the machine does hits all of them.
require "json"
require_relative "report"

module Bench
  # `entrant` names one; `run` lets them take turns and gives each one's rounds.
  class Contest
    def initialize(rounds: 5)
      @rounds = rounds
      @entrants = {}
    end

    # @yieldreturn [#call] what is measured; the block around it prepares it, in the entrant's own process
    def entrant(name, &prepare)
      @entrants[name] = prepare
    end

    # An entrant that is no Ruby: answers each line with one of JSON.
    def command(name, *command)
      @entrants[name] = command
    end

    # @return [Hash{String => Result}]
    def run
      pipes = @entrants.transform_values { |entrant| entrant.is_a?(Proc) ? fork_entrant(entrant) : IO.popen(entrant, "r+") }
      pipes.each_value { |pipe| turn(pipe) } # the first is for warming up
      rounds = Array.new(@rounds) { pipes.transform_values { |pipe| turn(pipe) } }
      pipes.values.reverse_each(&:close) # a later entrant has the earlier pipes open, too
      pipes.to_h { |name, _| [name, Result.new(rounds.map { |round| round.fetch(name) })] }
    end

    private

    def turn(pipe)
      pipe.puts("go")
      line = pipe.gets or raise "an entrant has died"
      JSON.parse(line, symbolize_names: true)
    end

    def fork_entrant(prepare)
      IO.popen("-", "r+").tap do |pipe|
        next if pipe

        work = prepare.call
        $stdin.each_line { $stdout.puts(JSON.generate(measure(work))) && $stdout.flush }
        exit!
      end
    end

    # The highest memory is asked of the kernel, which forgets it when 5 is written (proc(5), clear_refs).
    def measure(work)
      GC.start
      File.write("/proc/self/clear_refs", "5")
      before = Bench.rss
      objects = GC.stat(:total_allocated_objects)
      kept = nil
      seconds = Bench.seconds { kept = work.call }
      { seconds: seconds, objects: GC.stat(:total_allocated_objects) - objects, peak: peak - before, extra: kept.is_a?(Hash) ? kept : nil }
    end

    def peak
      File.read("/proc/self/status")[/VmHWM:\s+(\d+)/, 1].to_i * 1024
    end

    # All rounds of one entrant.
    class Result
      # @return [Array<Hash>]
      attr_reader :rounds

      def initialize(rounds)
        @rounds = rounds
      end

      # @return [Float]
      def median(key = :seconds)
        Bench.median(rounds.map { |round| round.fetch(key) })
      end

      # @return [Float]
      def min(key = :seconds)
        rounds.map { |round| round.fetch(key) }.min
      end

      # @return [String] min/median
      def to_s
        format("%.1f/%.1f ms", min * 1000, median * 1000)
      end
    end
  end
end
