# frozen_string_literal: true

require_relative "../resource"

module GitlabKube
  class Informer
    # What is known of a collection: the last state of each object, by namespace and name, and indexes of it. Says what changed, so
    # that nothing is told twice. Any thread reads; one writes.
    # @api private
    class Store
      # An object and what tells it from another of the same name, and from another state of itself.
      Entry = Struct.new(:key, :uid, :version, :object) do
        # @param node [Native::Node]
        # @raise [InvalidResponseError] Ruby's own error would quote what stands in the place of the metadata
        def self.of(node)
          metadata = node.get("metadata")
          raise InvalidResponseError.new(nil, "an object has no metadata") unless metadata.is_a?(Native::Node)

          new([metadata.get("namespace"), metadata.get("name")], metadata.get("uid"), metadata.get("resourceVersion"),
              Resource.from_source(node))
        end
      end

      def initialize
        @lock = Mutex.new
        @entries = {}
        @indexes = {}
      end

      # @return [Resource, nil]
      def get(name, namespace)
        @lock.synchronize { @entries[[namespace, name]]&.object }
      end

      # @return [Array<Resource>]
      def objects
        @lock.synchronize { @entries.each_value.map(&:object) }
      end

      # @return [Integer]
      def size
        @lock.synchronize { @entries.size }
      end

      # @param name [Symbol]
      # @yieldparam object [Resource]
      # @yieldreturn [Object, Array, nil] one key, several, or none
      def add_index(name, &keys)
        @lock.synchronize { @indexes[name] = Index.new(keys).tap { |index| @entries.each_value { |entry| index.add(entry) } } }
      end

      # @return [Array<Resource>]
      # @raise [KeyError] for an index nobody has added
      def by_index(name, key)
        @lock.synchronize { @indexes.fetch(name).entries(key).map(&:object) }
      end

      # One event of a watch.
      # @param gone [Boolean] whether it was a deletion
      # @return [Array<Array(String, Resource, Resource)>] type, object and former state, of none or one change
      def change(entry, gone: false)
        @lock.synchronize { gone ? remove(entry.key, entry.object) : put(entry) }
      end

      # All there is, after events may have been missed.
      # @param entries [Array<Entry>]
      # @return [Array<Array(String, Resource, Resource)>] what must have happened in between
      def replace(entries)
        @lock.synchronize do
          vanished = @entries.keys - entries.map(&:key)
          vanished.flat_map { |key| remove(key) } + entries.flat_map { |entry| put(entry) }
        end
      end

      private

      # One of the same name with another uid is another object: the former one was deleted.
      def put(entry)
        former = @entries[entry.key]
        return [] if former && former.version == entry.version && former.uid == entry.uid
        return remove(entry.key) + put(entry) if former && former.uid != entry.uid

        @entries[entry.key] = entry
        @indexes.each_value { |index| index.move(former, entry) }
        [[former ? "MODIFIED" : "ADDED", entry.object, former&.object]]
      end

      # @param last [Resource, nil] the state in which it was deleted, where that is known
      def remove(key, last = nil)
        former = @entries.delete(key) or return []
        @indexes.each_value { |index| index.move(former, nil) }
        [["DELETED", last || former.object, former.object]]
      end
    end
  end
end
