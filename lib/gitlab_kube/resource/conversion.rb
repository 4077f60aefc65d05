# frozen_string_literal: true

# What a Resource turns into: Hashes, JSON, Marshal and YAML.

require "json"
require_relative "json_value"
require_relative "storage"

module GitlabKube
  class Resource
    # Conversions of a whole Resource; an untouched one is converted by its native node in one call.
    module Conversion
      include Storage

      # @return [Hash{Symbol => Object}] plain Hashes and Arrays all the way down, with Symbol keys
      # @example
      #   pod.metadata.labels.to_h # => { app: "web" }
      def to_h
        untouched? ? @source.value(true) : symbolic(plain)
      end
      alias to_hash to_h

      # @param options [Hash, nil] `only:` or `except:` choose fields of the outermost object
      # @return [Hash{String => Object}] what JSON can hold, with String keys
      # @example
      #   client.get_secret("token", "default").as_json.dig("data", "token")
      def as_json(options = nil)
        fields = plain
        fields = JsonValue.of(fields) unless untouched?
        JsonValue.choose(fields, options)
      end

      # @return [String] JSON, with or without ActiveSupport
      # @example
      #   JSON.generate([pod])
      def to_json(*arguments)
        return JsonValue.safe_in_html(@source.json) if untouched? && arguments.empty?

        JsonValue.generate(self, *arguments)
      end

      # @return [String, Hash{String => Object}] for Marshal: the object's bytes while nobody has read them, otherwise its fields
      def marshal_dump
        document_json || plain
      end

      # @param content [String, Hash{String => Object}]
      def marshal_load(content)
        content.is_a?(String) ? lazily(Native::Document.parse(content).root) : initialize(content)
      end

      # @api private
      # @return [String, nil] the server's own bytes; nil once a field was read, as it may have been changed since
      def document_json
        @source.json if untouched?
      end

      # For YAML: the content as a plain mapping.
      #
      # @param coder [Psych::Coder]
      def encode_with(coder)
        coder.represent_map(nil, as_json)
      end

      protected

      # Hashes and Arrays all the way down, String keys, every other value as it was given.
      def plain
        return @source.to_hash_value if untouched?

        fields.transform_values { |value| plain_value(value) }
      end

      private

      def plain_value(value)
        case value
        when Resource then value.plain
        when Array then value.map { |item| plain_value(item) }
        else value.respond_to?(:to_hash) ? self.class.new(value).plain : value
        end
      end

      def symbolic(value)
        case value
        when Hash then value.to_h { |name, field| [name.to_sym, symbolic(field)] }
        when Array then value.map { |item| symbolic(item) }
        else value
        end
      end
    end
  end
end
