# frozen_string_literal: true

# A Secret of anything.

require_relative "manifest"

module GitlabKube
  # @example
  #   GitlabKube::GenericSecret.new("ca", { "ca.pem" => Base64.strict_encode64(pem) }, "istio-system").generate
  class GenericSecret
    include Manifest

    # @return [Object]
    attr_reader :name, :data, :namespace_name

    # @param name [String]
    # @param data [Hash] its values already Base64
    # @param namespace_name [String]
    def initialize(name, data, namespace_name)
      @name = name
      @data = data
      @namespace_name = namespace_name
    end

    # @return [Resource]
    def generate
      Resource.new(type: "Opaque", metadata: { name: name, namespace: namespace_name }, data: data)
    end

    private

    def check
      Names.subdomain(name, "a secret")
      Names.label(namespace_name, "a namespace")
      raise InvalidArgumentError, "a secret's data is a Hash of Base64 text" unless data.respond_to?(:each_key)

      data.each_key { |key| Names.data_key(key, "a secret's key") }
    end
  end
end
