# frozen_string_literal: true

# Ruby values as JSON has them, the same with and without ActiveSupport.

require "time"

module GitlabKube
  class Resource
    # @api private
    module JsonValue
      # What ActiveSupport escapes so that JSON may stand inside a <script> element.
      HTML_ESCAPES = { "<" => '\u003c', ">" => '\u003e', "&" => '\u0026', "\u2028" => '\u2028', "\u2029" => '\u2029' }.freeze
      private_constant :HTML_ESCAPES

      module_function

      def of(value)
        case value
        when Hash then value.transform_values { |field| of(field) }
        when Array then value.map { |item| of(item) }
        when Resource then value.as_json
        when String, Integer, true, false, nil then value
        else scalar(value)
        end
      end

      def scalar(value)
        return value.as_json if value.respond_to?(:as_json)

        case value
        when Time then value.xmlschema(3) # RFC 3339, which Kubernetes reads
        when Symbol then value.name
        else value
        end
      end

      def choose(fields, options)
        only, except = options&.values_at(:only, :except)
        fields = fields.slice(*Array(only).map(&:to_s)) if only
        fields = fields.except(*Array(except).map(&:to_s)) if except
        fields
      end

      # The rest of the options is for the generator, which must not choose a second time.
      def generate(object, options = nil)
        return object.as_json.to_json(*options) unless options.is_a?(Hash)

        object.as_json(options).to_json(options.except(:only, :except))
      end

      # Bytes that were never Ruby objects must be as safe in a page as ActiveSupport makes all others.
      def safe_in_html(json)
        json = json.dup.force_encoding(Encoding::UTF_8) unless json.encoding == Encoding::UTF_8
        return json unless defined?(ActiveSupport::JSON::Encoding) && ActiveSupport::JSON::Encoding.escape_html_entities_in_json

        json.gsub(/[<>&\u2028\u2029]/, HTML_ESCAPES)
      end
    end
  end
end
