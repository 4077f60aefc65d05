# frozen_string_literal: true

module GitlabKube
  # The four forms of an answer: lazy objects (`:ros`, kubeclient's word), the text, and plain Hashes with String or Symbol keys.
  # @api private
  module DocumentFormat
    FORMATS = %i[ros raw parsed parsed_symbolized].freeze

    module_function

    # @raise [InvalidArgumentError]
    def check(format)
      FORMATS.include?(format) ? format : raise(InvalidArgumentError, "Unsupported format #{format.inspect}")
    end

    # What is asked for: whole objects, their metadata (`metadata`), or a Table.
    # @return [Symbol]
    # @raise [InvalidArgumentError]
    def accept(metadata, metadata_only, as_table)
      raise InvalidArgumentError, "metadata_only and as_table cannot both be had" if metadata_only && as_table
      return :table if as_table

      metadata_only ? metadata : :json
    end

    # @param document [Native::Document]
    def call(document, format)
      case format
      when :raw then document.json
      when :parsed then document.value(false)
      when :parsed_symbolized then document.value(true)
      else document.list? ? ResourceList.from_source(document) : resource(document.root)
      end
    end

    # The answer to a list, which is a list whatever the server calls it: stubs and old servers say `{}` or `"kind": "List"`.
    # @param document [Native::Document]
    # @param kind [String, nil] of the items; what the server says where nil
    def list(document, format, kind: nil)
      format == :ros ? ResourceList.from_source(document, kind: kind) : call(document, format)
    end

    # @param node [Native::Node]
    def resource(node)
      node.kind == :object ? Resource.from_source(node) : node.value(false)
    end

    # @param event [Array] type, object node, document, resource version, code
    # @return [WatchStream::Notice, Hash, String]
    def notice(event, format)
      type, node, document, = event
      case format
      when :raw then document.json
      when :parsed then document.value(false)
      when :parsed_symbolized then document.value(true)
      else WatchStream::Notice.new(type, resource(node))
      end
    end

    # The notice of an object that was there when a watch began.
    # @param object [Resource]
    # @return [WatchStream::Notice, Hash, String]
    def added(object, format)
      case format
      when :raw then %({"type":"ADDED","object":#{object.to_json}})
      when :parsed then { "type" => "ADDED", "object" => object.as_json }
      when :parsed_symbolized then { type: "ADDED", object: object.to_h }
      else WatchStream::Notice.new("ADDED", object)
      end
    end
  end
end
