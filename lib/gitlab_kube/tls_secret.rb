# frozen_string_literal: true

# A Secret of a certificate and its key.

require_relative "manifest"

module GitlabKube
  # @example
  #   GitlabKube::TlsSecret.new("istio-ingressgateway-certs", cert_pem, key_pem, "istio-system").generate
  class TlsSecret
    include Manifest

    # @return [String]
    attr_reader :name, :cert, :key, :namespace_name

    # @param name [String]
    # @param cert [String] PEM
    # @param key [String] PEM
    # @param namespace_name [String]
    def initialize(name, cert, key, namespace_name)
      @name = name
      @cert = cert
      @key = key
      @namespace_name = namespace_name
    end

    # @return [Resource]
    def generate
      Resource.new(
        type: "kubernetes.io/tls",
        metadata: { name: name, namespace: namespace_name },
        data: { "tls.crt": base64(cert), "tls.key": base64(key) }
      )
    end

    private

    def base64(text)
      [text].pack("m0")
    end

    def check
      Names.subdomain(name, "a secret")
      Names.label(namespace_name, "a namespace")
    end
  end
end
