# frozen_string_literal: true

# Chosen fields of every item, without making the items.

module GitlabKube
  class ResourceList
    # Reads paths such as "metadata.name" or "spec.containers.0.image". A name that itself has dots
    # is given as an Array: `["metadata", "labels", "app.kubernetes.io/name"]`.
    module Pluck
      # @param paths [Array<String, Symbol, Array<String, Symbol, Integer>>]
      # @return [Array] one value per item, or one row of values when several paths are asked; nil where nothing is
      # @raise [ArgumentError] without a path
      # @example
      #   pods.pluck("metadata.name")                 # => ["web-1", "web-2"]
      #   pods.pluck("metadata.name", "status.phase") # => [["web-1", "Running"], ["web-2", "Pending"]]
      def pluck(*paths)
        raise ArgumentError, "pluck needs at least one path" if paths.empty?

        rows = native?(paths) ? @source.pluck(paths.map(&:to_s)) : walk(paths.map { |path| steps(path) })
        paths.one? ? rows.map(&:first) : rows
      end

      private

      # The node reads untouched items, by dotted paths.
      def native?(paths)
        untouched? && paths.none?(Array)
      end

      def walk(paths)
        map { |item| paths.map { |path| path.reduce(item) { |value, step| follow(value, step) } } }
      end

      def steps(path)
        path.is_a?(Array) ? path : path.to_s.split(".")
      end

      def follow(value, step)
        case value
        when Resource then value[step]
        when Array then value[Integer(step.to_s, 10, exception: false) || value.size]
        end
      end
    end
  end
end
