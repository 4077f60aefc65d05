# frozen_string_literal: true

# What a kubeconfig's cluster comes to, as options of a client.

require_relative "reading"

module GitlabKube
  module Kubeconfig
    # The server of a context, and who it is believed to be.
    # @api private
    class ClusterOptions
      # @param reading [Reading]
      def initialize(reading)
        @reading = reading
      end

      # @return [String]
      def server
        @reading.text("server") || raise(InvalidArgumentError, "the kubeconfig's cluster has no server")
      end

      # @return [Hash] ssl_options and http_proxy_uri
      def to_h
        { ssl_options: ssl_options, http_proxy_uri: @reading.text("proxy-url") }.compact
      end

      # What a credential plugin is told of the cluster (`provideClusterInfo`).
      # @return [Hash]
      def for_plugin
        authority = @reading.pem("certificate-authority")
        {
          "server" => server, "tls-server-name" => @reading.text("tls-server-name"), "proxy-url" => @reading.text("proxy-url"),
          "insecure-skip-tls-verify" => @reading["insecure-skip-tls-verify"] == true || nil,
          "certificate-authority-data" => authority && [authority].pack("m0"), "config" => plugin_config
        }.compact
      end

      private

      # Only the words `insecure-skip-tls-verify: true` turn verification off (CVE-2022-0759), and not beside a CA, as in kubectl.
      def ssl_options
        authority = @reading.pem("certificate-authority")
        insecure = @reading["insecure-skip-tls-verify"] == true
        raise InvalidArgumentError, "the kubeconfig has a certificate-authority and insecure-skip-tls-verify" if insecure && authority

        { ca: authority, server_name: @reading.text("tls-server-name"), verify_ssl: insecure ? OpenSSL::SSL::VERIFY_NONE : nil }.compact
      end

      def plugin_config
        found = Array(@reading["extensions"]).find { |row| row.is_a?(Hash) && row["name"] == "client.authentication.k8s.io/exec" }
        found && found["extension"]
      end
    end
  end
end
