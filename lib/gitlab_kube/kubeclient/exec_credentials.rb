# frozen_string_literal: true

# Credentials from a plugin: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
require "json"
require_relative "../kubeconfig/command"

module Kubeclient
  # Runs a credential plugin. Only a kubeconfig that is trusted gets here.
  class ExecCredentials
    # The plugin failed. What it wrote may hold secrets, so it is not in the message.
    class PluginError < RuntimeError
      # @param message [String]
      # @param stderr [String, nil]
      def initialize(message, stderr = nil)
        super(message)
        @stderr = GitlabKube::Withheld.new(stderr) if stderr
      end

      # @return [String, nil] what the plugin wrote to its standard error
      def unsafe_stderr
        @stderr&.unsafe_text
      end
    end

    # What we tell a plugin of ourselves: there is nobody at the keyboard.
    INFO = { "kind" => "ExecCredential", "spec" => { "interactive" => false } }.freeze

    class << self
      # @param options [Hash] a kubeconfig's `exec`: command, args, env, apiVersion
      # @return [Hash] the credential's status: a token, or a certificate and its key
      # @raise [PluginError] where the plugin fails, or answers something else
      # @raise [KeyError] without a command
      # @example
      #   Kubeclient::ExecCredentials.run("command" => "glab", "args" => %w[cluster agent get-token --agent 7])["token"]
      def run(options)
        raise ArgumentError, "exec options are required" if options.nil?

        command = options["command"] or raise KeyError, "exec command is required"
        credential(output(command, options["args"], environment(options)), options["apiVersion"])
      end

      # What a command prints. Bounded, and without a shell, as for {GitlabKube::KubeClient.from_kubeconfig}.
      # @api private
      def output(command, arguments, environment = {})
        GitlabKube::Kubeconfig::Command.new(command, arguments, environment).run
      rescue GitlabKube::CredentialPluginError => e
        raise PluginError.new(e.message, e.unsafe_server_message), cause: nil
      end

      private

      def environment(options)
        given = options["env"].to_a.to_h { |pair| pair.values_at("name", "value") }
        info = INFO.merge("apiVersion" => options["apiVersion"]).compact
        { "KUBERNETES_EXEC_INFO" => JSON.generate(info) }.merge(given)
      end

      def credential(output, version)
        answer = JSON.parse(output)
        raise PluginError, "the exec plugin returned another API version" if version && version != answer["apiVersion"]

        check(answer["status"])
      rescue JSON::ParserError, TypeError, NoMethodError
        raise PluginError, "the exec plugin returned no ExecCredential", cause: nil
      end

      def check(status)
        raise PluginError, "the exec plugin returned no status" unless status.is_a?(Hash)

        token, *pair = status.values_at("token", "clientCertificateData", "clientKeyData")
        raise PluginError, "the exec plugin returned half a client certificate" if pair.one?
        raise PluginError, "the exec plugin returned a token and a client certificate" if token && pair.all?
        raise PluginError, "the exec plugin returned no credentials" unless token || pair.all?

        status
      end
    end
  end
end
