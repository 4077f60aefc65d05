# frozen_string_literal: true

# The credentials a kubeconfig gives a user, wherever they come from.
module Kubeclient
  class Config
    # One user of a kubeconfig. Its plugin is run when the object is made, as kubeclient does.
    # @api private
    class User
      # @param data [Hash]
      # @param config [Config] which knows what may be read and run
      def initialize(data, config)
        @data = data
        @config = config
        @plugin = plugin_credentials || {}
      end

      # @return [Hash] a client certificate and its key, where there are
      def ssl_options
        certificate = pem("client-certificate", "clientCertificateData")
        key = pem("client-key", "clientKeyData")
        {
          client_cert: certificate && OpenSSL::X509::Certificate.new(certificate),
          client_key: key && OpenSSL::PKey.read(key)
        }.compact
      end

      # @return [Hash] a token, or a name and a password
      def auth_options
        token = @data["token"] || file_token || @plugin["token"]
        return { bearer_token: token } if token
        return { bearer_token: provider_token } if @data["auth-provider"]

        { username: @data["username"], password: @data["password"] }.compact
      end

      # @return [String] no credentials
      def inspect
        "#<#{self.class}>"
      end

      private

      def plugin_credentials
        plugin = @data["exec"] or return
        ExecCredentials.run(plugin.merge("command" => plugin["command"] && @config.command(plugin["command"])))
      end

      def pem(name, from_plugin)
        return @config.read_file(@data[name]) if @data[name]

        @data["#{name}-data"]&.unpack1("m") || @plugin[from_plugin]
      end

      def file_token
        @data["tokenFile"] && @config.read_file(@data["tokenFile"]).chomp
      end

      def provider_token
        provider = @data["auth-provider"]
        @config.provider!
        case provider["name"]
        when "gcp" then GCPAuthProvider.token(gcp_config(provider["config"]))
        when "oidc" then OIDCAuthProvider.token(provider["config"])
        end
      end

      def gcp_config(config)
        config["cmd-path"] ? config.merge("cmd-path" => @config.command(config["cmd-path"])) : config
      end
    end
  end
end
