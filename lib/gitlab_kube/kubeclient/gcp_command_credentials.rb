# frozen_string_literal: true

# Tokens from a command that prints JSON, as old kubeconfigs of Google Cloud have it.
require "json"
require "open3"

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
        command = config["cmd-path"]
        output, errors, status = Open3.capture3([command, command], *config["cmd-args"].to_s.split)
        raise ExecCredentials::PluginError.new("exec command failed: #{status.exitstatus || 'killed'}", errors) unless status.success?

        JSON.parse(output).dig(*keys(config["token-key"]))
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
