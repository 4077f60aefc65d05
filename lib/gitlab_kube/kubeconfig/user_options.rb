# frozen_string_literal: true

# What a kubeconfig's user comes to, as options of a client.

require_relative "exec_plugin"

module GitlabKube
  module Kubeconfig
    # Who a context says we are.
    # @api private
    class UserOptions
      include Confidential

      # @param reading [Reading]
      # @param cluster [ClusterOptions] of which a plugin may want to know
      def initialize(reading, cluster)
        @reading = reading
        @cluster = cluster
      end

      # @return [Hash] client_cert and client_key
      def ssl_options
        { client_cert: @reading.pem("client-certificate"), client_key: @reading.pem("client-key") }.compact
      end

      # @return [Hash] one of bearer_token, bearer_token_file, and username with password. A tokenFile goes before a token.
      def auth_options
        refuse_provider
        file = @reading.path("tokenFile")
        return { bearer_token_file: file } if file

        token = @reading.text("token")
        login = { username: @reading.text("username"), password: @reading.text("password") }.compact
        return { bearer_token: token }.compact.merge(login) if token || !login.empty?

        plugin
      end

      # @return [Hash, nil] https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
      def impersonate
        given = {
          as: @reading.text("as"), uid: @reading.text("as-uid"), groups: @reading.texts("as-groups"),
          extra: @reading.lists("as-user-extra")
        }.compact
        given unless given.empty?
      end

      private

      def plugin
        return {} unless @reading["exec"]

        @reading.trusted!("an exec plugin")
        { bearer_token: ExecPlugin.new(@reading["exec"], @reading.directory, @cluster).method(:token) }
      end

      # Removed from Kubernetes in 1.26; an exec plugin does the same.
      def refuse_provider
        raise InvalidArgumentError, "the kubeconfig has an auth-provider: use an exec plugin in its place" if @reading["auth-provider"]
      end
    end
  end
end
