# frozen_string_literal: true

require_relative "report"

module Bench
  # All rounds of one entrant.
  class Result
    # @return [Array<Hash>]
    attr_reader :rounds

    def initialize(rounds)
      @rounds = rounds
    end

    # @return [Numeric, nil] nil where the entrant does not know
    def median(key = :seconds)
      known = rounds.filter_map { |round| round[key] }
      Bench.median(known) unless known.empty?
    end

    # @return [Numeric]
    def min(key = :seconds)
      rounds.map { |round| round.fetch(key) }.min
    end

    # @return [String] min/median
    def to_s
      format("%.1f/%.1f ms", min * 1000, median * 1000)
    end

    # @return [Hash{String => String}] every measure, as a row of a table
    def row
      { "ms min/median" => to_s.delete_suffix(" ms"), "CPU ms" => format("%.0f", median(:cpu) * 1000),
        "objects" => median(:objects) ? Bench.grouped(median(:objects)) : "–",
        "peak MB" => format("%.1f", median(:peak) / 1e6), "wire MB" => median(:bytes) ? format("%.1f", median(:bytes) / 1e6) : "–" }
    end
  end
end
