# frozen_string_literal: true

module Bench
  # A chart with logarithmic axes, as an SVG that needs nothing else.
  class Chart
    WIDTH = 640
    HEIGHT = 400
    EDGE = 60

    # @param points [Hash{Numeric => Numeric}]
    def initialize(title, points, across:, upward:)
      @title = title
      @points = points
      @labels = [across, upward]
      @x = decades(points.keys)
      @y = decades(points.values)
    end

    # @return [String]
    def to_svg
      <<~SVG
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 #{WIDTH} #{HEIGHT}" font-family="sans-serif" font-size="12">
        <title>#{@title}</title><rect width="100%" height="100%" fill="white"/>
        <text x="#{WIDTH / 2}" y="24" text-anchor="middle" font-size="14">#{@title}</text>
        #{grid(@x, :across)}
        #{grid(@y, :up)}
        <polyline fill="none" stroke="#1068bf" stroke-width="2" points="#{@points.map { |x, y| "#{across(x)},#{up(y)}" }.join(' ')}"/>
        #{@points.map { |x, y| %(<circle cx="#{across(x)}" cy="#{up(y)}" r="3" fill="#1068bf"/>) }.join("\n")}
        <text x="#{WIDTH / 2}" y="#{HEIGHT - 12}" text-anchor="middle">#{@labels.first}</text>
        <text transform="translate(16 #{HEIGHT / 2}) rotate(-90)" text-anchor="middle">#{@labels.last}</text>
        </svg>
      SVG
    end

    private

    def decades(values)
      (Math.log10(values.min).floor..Math.log10(values.max).ceil)
    end

    def across(value)
      (EDGE + ((WIDTH - (2 * EDGE)) * share(@x, value))).round(1)
    end

    def up(value)
      (HEIGHT - EDGE - ((HEIGHT - (2 * EDGE)) * share(@y, value))).round(1)
    end

    def share(decades, value)
      (Math.log10(value) - decades.begin) / (decades.end - decades.begin)
    end

    def grid(decades, axis)
      decades.map do |decade|
        value = 10**decade
        place = __send__(axis, value)
        axis == :across ? vertical(place, value) : horizontal(place, value)
      end.join("\n")
    end

    def vertical(place, value)
      %(<line x1="#{place}" x2="#{place}" y1="#{EDGE}" y2="#{HEIGHT - EDGE}" stroke="#ddd"/>) +
        %(<text x="#{place}" y="#{HEIGHT - EDGE + 16}" text-anchor="middle">#{number(value)}</text>)
    end

    def horizontal(place, value)
      %(<line x1="#{EDGE}" x2="#{WIDTH - EDGE}" y1="#{place}" y2="#{place}" stroke="#ddd"/>) +
        %(<text x="#{EDGE - 6}" y="#{place + 4}" text-anchor="end">#{number(value)}</text>)
    end

    def number(value)
      value >= 1 ? value.to_i.to_s.reverse.scan(/\d{1,3}/).join(",").reverse : value.to_f.to_s
    end
  end
end
