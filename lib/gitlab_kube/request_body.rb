# frozen_string_literal: true

# What a program gives to be written, as the server gets it.

require "json"
require_relative "errors"
require_relative "resource"

module GitlabKube
  # @api private
  module RequestBody
    module_function

    # @param object [Resource, Hash, Array, String] whatever keys it was built with; a String is JSON
    # @return [Hash, Array] with String keys, and values as ActiveSupport has them in JSON: a Time is RFC 3339, which Kubernetes reads
    # @raise [InvalidArgumentError]
    def plain(object)
      return json { JSON.parse(object.to_s) } unless object.respond_to?(:to_hash) || object.is_a?(Array)

      Resource.new(object: object).as_json.fetch("object")
    end

    # @return [Hash] the same of an object that has fields
    # @raise [InvalidArgumentError] where it is a list, or a single value
    def fields(object)
      body = plain(object)
      body.is_a?(Hash) ? body : raise(InvalidArgumentError, "the object has no fields")
    end

    # @param plain [Hash, Array]
    # @return [String]
    # @raise [InvalidArgumentError]
    def generate(plain)
      json { JSON.generate(plain) }
    end

    # The messages of Ruby's errors may quote the object, which may be a Secret.
    def json
      yield
    rescue JSON::JSONError, EncodingError
      raise InvalidArgumentError, "the object is not JSON", cause: nil
    end
    private_class_method :json
  end
end
