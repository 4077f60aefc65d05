# frozen_string_literal: true

# What a bench says: its figures, and whether each bar is met. Kept as JSON in tmp/bench, for docs/performance.md.
require "fileutils"
require "json"

module Bench
  # The lines of one bench.
  class Report
    DIRECTORY = File.expand_path("../../tmp/bench", __dir__)

    def initialize(name)
      @name = name
      @figures = []
      $stdout.sync = true
      puts "== #{name}"
    end

    # @param claim [String]
    # @param value [Numeric]
    # @param at_least [Numeric, nil]
    # @param at_most [Numeric, nil]
    # @return [Boolean] whether the bar is met
    def bar(claim, value, at_least: nil, at_most: nil, unit: "")
      met = (at_least.nil? || value >= at_least) && (at_most.nil? || value <= at_most)
      limit = at_least ? "≥ #{at_least}" : "≤ #{at_most}"
      @figures << { claim: claim, value: value.round(4), bar: limit, unit: unit, met: met }
      puts "#{(met ? 'ok' : 'MISS').ljust(4)} #{claim}: #{value.round(3)}#{unit} (#{limit})"
      met
    end

    # How many times as long one entrant took as another, in the median; nothing where BENCH_PEERS leaves one of them out.
    # @param results [Hash{String => Result}]
    # @return [void]
    def ratio(claim, results, theirs, ours, **limits)
      return unless results.key?(theirs) && results.key?(ours)

      value = results[theirs].median / results[ours].median
      limits.empty? ? note(claim, "#{value.round(2)}×") : bar(claim, value, unit: "×", **limits)
    end

    # A figure without a bar.
    # @return [void]
    def note(claim, value)
      @figures << { claim: claim, value: value }
      puts "     #{claim}: #{value}"
    end

    # Entrants of a contest, a row each, in the form that docs/performance.md has.
    # @param results [Hash{String => Result}]
    # @return [void]
    def table(title, results)
      rows = results.transform_values(&:row)
      columns = rows.values.first.keys
      puts "", "| #{title} | #{columns.join(' | ')} |", "|---#{'|---' * columns.size}|"
      rows.each { |name, row| puts "| #{name} | #{row.values.join(' | ')} |" }
      puts
      @figures << { claim: title, value: rows }
    end

    # @return [void]
    def save
      FileUtils.mkdir_p(DIRECTORY)
      File.write(File.join(DIRECTORY, "#{@name}.json"), JSON.pretty_generate(@figures))
    end
  end

  module_function

  # @return [Numeric]
  def median(values)
    values.sort[values.size / 2]
  end

  # @return [Float] monotonic seconds
  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end

  # @return [Float] seconds that the block took
  def seconds
    start = now
    yield
    now - start
  end

  # @return [String] with a comma for each thousand
  def grouped(number)
    number.round.to_s.gsub(/(?<=\d)(?=(\d{3})+\z)/, ",")
  end

  # @return [Integer] bytes of memory that this process has now
  def rss
    File.read("/proc/self/statm").split[1].to_i * 4096
  end
end
