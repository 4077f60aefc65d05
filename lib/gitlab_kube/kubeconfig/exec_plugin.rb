# frozen_string_literal: true

# Credentials from a plugin: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins

require "json"
require "time"
require_relative "command"

module GitlabKube
  module Kubeconfig
    # The token of a credential plugin: asked for at the first request, kept until it expires or the server refuses it.
    # Threads that want one at the same time run the plugin once.
    # @api private
    class ExecPlugin
      include Confidential

      VERSIONS = %w[client.authentication.k8s.io/v1 client.authentication.k8s.io/v1beta1].freeze
      # A token this close to its end may be too old when it arrives.
      MARGIN = 10

      # @param config [Hash] a user's `exec`
      # @param directory [String, nil] of the kubeconfig
      # @param cluster [ClusterOptions]
      # @raise [InvalidArgumentError] where it can never give a token to a program without a terminal
      def initialize(config, directory, cluster)
        raise InvalidArgumentError, "the kubeconfig's exec is not a plugin" unless config.is_a?(Hash)

        @version = config["apiVersion"]
        raise InvalidArgumentError, "the exec plugin has an apiVersion other than v1 and v1beta1" unless VERSIONS.include?(@version)
        raise InvalidArgumentError, "the exec plugin wants a terminal" if config["interactiveMode"] == "Always"

        @command = Command.new(executable(config["command"].to_s, directory), config["args"], environment(config, cluster))
        @lock = Mutex.new
        @run = 0
      end

      # @param refresh [Boolean] whether the server refused the last one
      # @return [String]
      # @raise [CredentialPluginError]
      def token(refresh)
        seen = @run
        @lock.synchronize do
          renew if @token.nil? || expired? || (refresh && @run == seen)
          @token
        end
      end

      # @return [String] no credentials
      def inspect
        "#<#{self.class}>"
      end

      private

      def expired?
        @expires && Time.now + MARGIN >= @expires
      end

      def renew
        status = credential(@command.run)
        @expires = status["expirationTimestamp"]&.then { |time| Time.iso8601(time) }
        @token = status.fetch("token")
        @run += 1
      rescue JSON::ParserError, ArgumentError, TypeError, KeyError
        raise CredentialPluginError, "the exec plugin answered no ExecCredential with a token", cause: nil
      end

      def credential(output)
        answer = JSON.parse(output)
        status = answer["status"] if answer.is_a?(Hash) && answer["apiVersion"] == @version
        return status if status.is_a?(Hash) && status["token"].is_a?(String) && !status["token"].empty?

        raise KeyError
      end

      def executable(command, directory)
        raise InvalidArgumentError, "the exec plugin has no command" if command.empty?

        Command.locate(command, directory)
      end

      def environment(config, cluster)
        spec = { "interactive" => false }
        spec["cluster"] = cluster.for_plugin if config["provideClusterInfo"] == true
        info = JSON.generate("kind" => "ExecCredential", "apiVersion" => @version, "spec" => spec)
        Array(config["env"]).to_h { |pair| [pair["name"].to_s, pair["value"].to_s] }.merge("KUBERNETES_EXEC_INFO" => info)
      end
    end
  end
end
