# frozen_string_literal: true

# Tokens from a command that prints JSON, as old kubeconfigs of Google Cloud have it.
require "json"

module Kubeclient
  # Runs the command of an `auth-provider: gcp`. Only a kubeconfig that is trusted gets here.
  class GCPCommandCredentials
    # Where the token is in what the command prints: `{.credential.access_token}`.
    TOKEN_KEY = /\A\{((?:\.[\w-]+)+)\}\z/

    class << self
      # @param config [Hash] cmd-path, cmd-args, token-key
      # @return [String, nil] a bearer token
      # @raise [ExecCredentials::PluginError]
      # @example
      #   Kubeclient::GCPCommandCredentials.token("cmd-path" => "gcloud", "cmd-args" => "…", "token-key" => "{.credential.access_token}")
      def token(config)
        JSON.parse(ExecCredentials.output(config["cmd-path"], config["cmd-args"].to_s.split)).dig(*keys(config["token-key"]))
      rescue JSON::ParserError # its message quotes the output, which has the token
        raise ExecCredentials::PluginError.new("the command did not answer with JSON", nil), cause: nil
      end

      private

      def keys(token_key)
        path = TOKEN_KEY.match(token_key.to_s) or raise ArgumentError, "a token-key is like {.credential.access_token}"
        path[1].split(".").drop(1)
      end
    end
  end
end
