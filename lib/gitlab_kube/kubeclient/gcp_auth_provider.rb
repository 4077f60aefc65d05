# frozen_string_literal: true

# The two ways an `auth-provider: gcp` has to a token.
module Kubeclient
  # Runs a command where the kubeconfig names one, else asks Google's default credentials.
  class GCPAuthProvider
    # @param config [Hash] of the auth-provider
    # @return [String] a bearer token
    # @example
    #   Kubeclient::GCPAuthProvider.token({})
    def self.token(config)
      config.key?("cmd-path") ? GCPCommandCredentials.token(config) : GoogleApplicationDefaultCredentials.token
    end
  end
end
