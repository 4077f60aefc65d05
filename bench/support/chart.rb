# frozen_string_literal: true

require_relative "report"

module Bench
  # A chart with logarithmic axes and a line for each series, as an SVG that needs nothing else.
  class Chart
    WIDTH = 820
    HEIGHT = 480
    EDGE = 64
    # Room for the names of the lines, right of the last point.
    NAMES = 210
    # Okabe and Ito's colours, which the colour-blind can tell apart.
    COLOURS = %w[#0072b2 #56b4e9 #009e73 #cc79a7 #d55e00 #e69f00 #999999 #000000].freeze

    # @param series [Hash{String => Hash{Numeric => Numeric}}]
    def initialize(title, series, across:, upward:)
      @title = title
      @series = series
      @labels = [across, upward]
      @x = decades(series.values.flat_map(&:keys))
      @y = decades(series.values.flat_map(&:values))
    end

    # @return [String]
    def to_svg
      <<~SVG
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 #{WIDTH} #{HEIGHT}" font-family="sans-serif" font-size="12">
        <title>#{@title}</title><rect width="100%" height="100%" fill="white"/>
        <text x="#{WIDTH / 2}" y="24" text-anchor="middle" font-size="15">#{@title}</text>
        #{(@x.map { |decade| vertical(10**decade) } + @y.map { |decade| horizontal(10**decade) }).join("\n")}
        #{lines.join("\n")}
        #{names.join("\n")}
        <text x="#{(EDGE + right) / 2}" y="#{HEIGHT - 20}" text-anchor="middle">#{@labels.first}</text>
        <text transform="translate(18 #{HEIGHT / 2}) rotate(-90)" text-anchor="middle">#{@labels.last}</text>
        </svg>
      SVG
    end

    private

    def decades(values)
      (Math.log10(values.min).floor..Math.log10(values.max).ceil)
    end

    def right
      WIDTH - NAMES
    end

    def across(value)
      (EDGE + ((right - EDGE) * share(@x, value))).round(1)
    end

    def up(value)
      (HEIGHT - EDGE - ((HEIGHT - (2 * EDGE)) * share(@y, value))).round(1)
    end

    def share(decades, value)
      (Math.log10(value) - decades.begin) / (decades.end - decades.begin)
    end

    def lines
      @series.values.zip(COLOURS).map do |points, colour|
        places = points.map { |x, y| [across(x), up(y)] }
        dots = places.map { |x, y| %(<circle cx="#{x}" cy="#{y}" r="3" fill="#{colour}"/>) }
        line = places.map { |place| place.join(",") }.join(" ")
        %(<polyline fill="none" stroke="#{colour}" stroke-width="2" points="#{line}"/>#{dots.join})
      end
    end

    # Each name at the height of its line's end, or as much lower as it takes to be legible; the lines beside it lead there.
    def names
      below = 0
      ends = @series.keys.zip(COLOURS).map { |name, colour| [name, colour, @series[name].max] }
      ends.sort_by { |_, _, point| up(point.last) }.map do |name, colour, (x, y)|
        height = below = [up(y), below + 16].max
        %(<path d="M#{across(x) + 4} #{up(y)}L#{right + 6} #{height}" stroke="#{colour}" stroke-dasharray="2 3"/>) +
          %(<text x="#{right + 10}" y="#{height + 4}" fill="#{colour}">#{name}</text>)
      end
    end

    def vertical(value)
      place = across(value)
      %(<line x1="#{place}" x2="#{place}" y1="#{EDGE}" y2="#{HEIGHT - EDGE}" stroke="#ddd"/>) +
        %(<text x="#{place}" y="#{HEIGHT - EDGE + 18}" text-anchor="middle">#{number(value)}</text>)
    end

    def horizontal(value)
      place = up(value)
      %(<line x1="#{EDGE}" x2="#{right}" y1="#{place}" y2="#{place}" stroke="#ddd"/>) +
        %(<text x="#{EDGE - 6}" y="#{place + 4}" text-anchor="end">#{number(value)}</text>)
    end

    def number(value)
      value >= 1 ? Bench.grouped(value) : value.to_f.to_s
    end
  end
end
