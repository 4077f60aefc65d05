# frozen_string_literal: true

# Chosen fields of every item, without making the items.

require_relative "path"

module GitlabKube
  class ResourceList
    # Reads paths such as `metadata.labels['app.kubernetes.io/name']`, `spec.containers[0].image` or `spec.containers[*].image`.
    module Pluck
      # @param paths [Array<String, Symbol>]
      # @return [Array] one value per item, or one row of values when several paths are asked; nil where nothing is.
      #   Objects are Hashes with String keys
      # @raise [InvalidArgumentError] without a path, or for what is no path
      # @example
      #   pods.pluck("metadata.name")                 # => ["web-1", "web-2"]
      #   pods.pluck("metadata.name", "status.phase") # => [["web-1", "Running"], ["web-2", "Pending"]]
      def pluck(*paths)
        raise InvalidArgumentError, "pluck needs at least one path" if paths.empty?

        paths = paths.map(&:to_s)
        rows = untouched? ? @source.pluck(paths) : walk(paths.map { |path| Path.new(path) })
        paths.one? ? rows.map(&:first) : rows
      end

      private

      # Items that were touched may have been changed, so the document no longer knows them.
      def walk(paths)
        map { |item| paths.map { |path| path.of(item) } }
      end
    end
  end
end
