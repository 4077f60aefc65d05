# frozen_string_literal: true

# What a kubeconfig's context comes to.
module Kubeclient
  class Config
    # A server and what to tell it, as `Kubeclient::Client.new` takes them.
    class Context
      # @return [String] the server's URL
      attr_reader :api_endpoint
      # @return [String] of the kubeconfig itself: "v1"
      attr_reader :api_version
      # @return [Hash]
      attr_reader :ssl_options, :auth_options
      # @return [String, nil]
      attr_reader :namespace

      # @example
      #   Kubeclient::Config::Context.new("https://kubernetes.example.com", "v1", {}, { bearer_token: token }, "gitlab")
      def initialize(api_endpoint, api_version, ssl_options, auth_options, namespace)
        @api_endpoint = api_endpoint
        @api_version = api_version
        @ssl_options = ssl_options
        @auth_options = auth_options
        @namespace = namespace
      end

      # @return [String] no credentials
      def inspect
        "#<#{self.class}>"
      end
    end
  end
end
