# frozen_string_literal: true

# Values and errors as plain data, in words that both clients have.
module Parity
  module Outcome
    # The classes existing rescue lists name, most telling first.
    ERRORS = %w[
      Kubeclient::ResourceNotFoundError Kubeclient::HttpError KubeException JSON::ParserError KeyError Errno::ECONNREFUSED SocketError
      OpenSSL::SSL::SSLError NoMethodError ArgumentError RuntimeError StandardError
    ].freeze

    module_function

    # @return [Object] what JSON can hold, with the class of what is not JSON's own
    def value(object)
      case object
      when nil, true, false, Numeric then object
      when Symbol then { "symbol" => object.to_s }
      when String then object.to_s
      when Array then object.map { |item| value(item) }
      when Hash then object.map { |key, item| [value(key), value(item)] }
      else client_value(object)
      end
    end

    def client_value(object)
      case object
      when Kubeclient::Resource then { "resource" => value(object.to_h) }
      when Kubeclient::Common::EntityList then list(object)
      when Kubeclient::Client then "client"
      when Kubeclient::Common::WatchStream then "watch stream"
      when URI then { "uri" => object.to_s }
      else object.class.name
      end
    end

    def list(object)
      {
        "list" => object.map { |item| value(item) }, "kind" => object.kind, "resourceVersion" => object.resourceVersion,
        "continue" => object.continue, "last" => object.last?, "array" => object.is_a?(Array)
      }
    end

    # @return [Hash] the class a rescue would see, and the code where there is one
    def error(error)
      name = ERRORS.find { |candidate| Object.const_defined?(candidate) && error.is_a?(Object.const_get(candidate)) }
      code = error.is_a?(KubeException) ? error.error_code : nil
      { "error" => name || "Exception", "code" => code }
    end
  end
end
