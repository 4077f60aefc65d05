# frozen_string_literal: true

# Stands in for GitLab's own wrapper around the kubeclient gem: just enough that specs written for it can be run, and judged by it.
require "ipaddr"
require "kubeclient"
require "webmock"
require_relative "settings"

module Gitlab
  # Refuses addresses of the local network, by literal and by name.
  module UrlBlocker
    BlockedUrlError = Class.new(StandardError)
    LOCAL = %w[127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 ::1 fc00::/7 fe80::/10].map { |range| IPAddr.new(range) }

    def self.validate!(url)
      url = URI.parse(url.to_s)
      raise BlockedUrlError, "Only allowed schemes are http, https" unless %w[http https].include?(url.scheme)
      return if Settings.allow_local_requests

      addresses = Addrinfo.getaddrinfo(url.hostname, url.port, nil, :STREAM).map(&:ip_address)
      raise BlockedUrlError, "Requests to the local network are not allowed" if addresses.any? { |address| local?(address) }
    end

    def self.local?(address)
      LOCAL.any? { |range| range.include?(IPAddr.new(address)) }
    end
  end

  # Checks every request of rest-client before it leaves.
  module CheckedTransmit
    def transmit(url, *)
      Gitlab::UrlBlocker.validate!(url)
      super
    rescue Gitlab::UrlBlocker::BlockedUrlError => e
      raise ArgumentError, "URL is blocked: #{e.message}"
    end
  end
  RestClient::Request.prepend(CheckedTransmit)

  # What GitLab reports errors to.
  module ErrorTracking
    def self.track_exception(_error, **_context); end
  end

  module Kubernetes
    # One client for several API groups, each a kubeclient of its own.
    class KubeClient
      DEFAULT_KUBECLIENT_OPTIONS = { timeouts: { open: 10, read: 30 } }.freeze
      GROUPS = {
        core: %w[api v1], rbac: %w[apis/rbac.authorization.k8s.io v1], apps: %w[apis/apps v1], istio: %w[apis/networking.istio.io v1alpha3],
        knative: %w[apis/serving.knative.dev v1alpha1], metrics: %w[apis/metrics.k8s.io v1beta1], networking: %w[apis/networking.k8s.io v1]
      }.freeze
      METHODS = {
        core: %i[
          get_nodes get_pods get_secrets get_config_map get_pod get_namespace get_secret get_service get_service_account delete_namespace
          delete_pod delete_service_account create_config_map create_namespace create_pod create_secret create_service_account
          update_config_map update_secret update_service_account get_pod_log watch_pod_log
        ],
        rbac: %i[create_role get_role update_role delete_role_binding update_role_binding update_cluster_role_binding],
        apps: %i[get_deployments], networking: %i[get_ingresses patch_ingress], istio: %i[create_gateway get_gateway update_gateway]
      }.freeze
      UNREACHABLE = [
        SocketError, OpenSSL::SSL::SSLError, Errno::ECONNRESET, Errno::ENETUNREACH, Errno::ECONNREFUSED, Errno::EHOSTUNREACH,
        Net::OpenTimeout, Net::ReadTimeout
      ].freeze

      attr_reader :api_prefix, :kubeclient_options

      def initialize(api_prefix, **options)
        @api_prefix = api_prefix
        timeouts = DEFAULT_KUBECLIENT_OPTIONS[:timeouts].merge(options.fetch(:timeouts, {}))
        @kubeclient_options = options.merge(timeouts: timeouts, http_max_redirects: 0)
        UrlBlocker.validate!(api_prefix)
      end

      GROUPS.each do |name, (path, version)|
        define_method(:"#{name}_client") do
          @clients ||= {}
          @clients[name] ||= ::Kubeclient::Client.new("#{api_prefix.chomp('/')}/#{path}", version, **kubeclient_options)
        end
      end

      METHODS.each do |name, methods|
        methods.each do |method|
          define_method(method) { |*args, **options, &block| public_send(:"#{name}_client").public_send(method, *args, **options, &block) }
        end
      end

      def create_or_update_cluster_role_binding(resource)
        update_cluster_role_binding(resource)
      end

      def create_or_update_role_binding(resource)
        update_role_binding(resource)
      end

      def create_or_update_service_account(resource)
        get_service_account(resource.metadata.name, resource.metadata.namespace)
        update_service_account(resource)
      rescue ::Kubeclient::ResourceNotFoundError
        create_service_account(resource)
      end

      def create_or_update_secret(resource)
        get_secret(resource.metadata.name, resource.metadata.namespace)
        update_secret(resource)
      rescue ::Kubeclient::ResourceNotFoundError
        create_secret(resource)
      end

      def self.graceful_request(cluster_id)
        { status: :connected, response: yield }
      rescue *UNREACHABLE
        { status: :unreachable, connection_error: :connection_error }
      rescue OpenSSL::X509::CertificateError
        { status: :authentication_failure, connection_error: :authentication_error }
      rescue ::Kubeclient::HttpError => e
        { status: kubeclient_error_status(e.message), connection_error: :http_error }
      rescue StandardError => e
        ErrorTracking.track_exception(e, cluster_id: cluster_id)
        { status: :unknown_failure, connection_error: :unknown_error }
      end

      def self.kubeclient_error_status(message)
        /timed out|timeout/i.match?(message.to_s) ? :unreachable : :authentication_failure
      end
    end
  end
end
