# frozen_string_literal: true

require "json"

module GitlabKube
  module ReactiveCaching
    # The name of one value: the class's prefix and the caller's qualifiers, joined with ":" as GitLab's are.
    module Key
      # @return [String]
      def self.of(record, qualifiers)
        prefix = record.class.reactive_cache_key
        prefix = prefix.call(record) if prefix.respond_to?(:call)
        [prefix].flatten.concat(qualifiers.map { |qualifier| plain(qualifier) }).join(":")
      end

      # Qualifiers travel to the worker as JSON. A Hash that comes back with other keys than it left with would name another value.
      def self.plain(qualifier)
        case qualifier
        when Hash, Array then JSON.parse(JSON.generate(qualifier))
        else qualifier
        end
      end
      private_class_method :plain
    end
  end
end
