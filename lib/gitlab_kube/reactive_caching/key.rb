# frozen_string_literal: true

require "json"

module GitlabKube
  module ReactiveCaching
    # The name of one value: the class's prefix and the caller's qualifiers, joined with ":" as GitLab's are.
    # @api private
    module Key
      # @return [String]
      def self.of(record, qualifiers)
        prefix = record.class.reactive_cache_key
        prefix = prefix.call(record) if prefix.respond_to?(:call)
        [prefix].flatten.concat(plain(qualifiers)).join(":")
      end

      # The qualifiers as the worker will get them: after a trip through JSON, which is how jobs travel. A Hash that came back with
      # other keys than it left with would name another value.
      # @return [Array]
      def self.plain(qualifiers)
        return qualifiers if qualifiers.all? { |qualifier| qualifier.is_a?(String) || qualifier.is_a?(Integer) }

        JSON.parse(JSON.generate(qualifiers))
      end
    end
  end
end
