# frozen_string_literal: true

module GitlabKube
  class Informer
    # Entries of the store by what the application computes from each object.
    # @api private
    class Index
      # @param keys [#call] object → one key, several, or none
      def initialize(keys)
        @keys = keys
        @entries = {}
        @keys_of = {}
      end

      # @return [Array<Store::Entry>]
      def entries(key)
        @entries.fetch(key, {}).values
      end

      # @param former [Store::Entry, nil]
      # @param entry [Store::Entry, nil]
      def move(former, entry)
        remove(former) if former
        add(entry) if entry
      end

      # @param entry [Store::Entry]
      def add(entry)
        keys = keys_of(entry.object)
        @keys_of[entry.key] = keys
        keys.each { |key| (@entries[key] ||= {})[entry.key] = entry }
      end

      private

      # Nothing is kept of a key that no object has any more.
      def remove(entry)
        @keys_of.delete(entry.key).each do |key|
          @entries[key].delete(entry.key)
          @entries.delete(key) if @entries[key].empty?
        end
      end

      # An object that the application's block cannot read is in no place of the index.
      def keys_of(object)
        keys = @keys.call(object)
        (keys.is_a?(Array) ? keys : [keys]).compact.uniq
      rescue StandardError => e
        Report.event("informer_index_failed.gitlab_kube", :error, "an informer's index raised #{e.class}", exception: e)
        []
      end
    end
  end
end
