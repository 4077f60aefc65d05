# frozen_string_literal: true

# What a pod knows of its own cluster: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/

module GitlabKube
  # The API server, the authority and the token that Kubernetes gives each pod.
  # @api private
  class InCluster
    DIRECTORY = "/var/run/secrets/kubernetes.io/serviceaccount"

    # @param environment [#[]]
    # @param directory [String] where the service account's files are mounted
    def initialize(environment, directory)
      @host, @port = environment.values_at("KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT").map(&:to_s)
      raise InvalidArgumentError, "this is not a pod: KUBERNETES_SERVICE_HOST or _PORT is not set" if @host.empty? || @port.empty?

      @directory = directory
    end

    # @return [String] an IPv6 address has brackets in a URL (RFC 3986 §3.2.2)
    def url
      "https://#{@host.include?(':') ? "[#{@host}]" : @host}:#{@port}"
    end

    # The token is read again when it changes: Kubernetes replaces it every hour.
    # @return [Hash]
    def options
      {
        auth_options: { bearer_token_file: File.join(@directory, "token") },
        ssl_options: { ca_file: File.join(@directory, "ca.crt") }, namespace: namespace
      }
    end

    # @return [String]
    def inspect
      "#<#{self.class}>"
    end

    private

    def namespace
      File.read(File.join(@directory, "namespace")).strip
    rescue SystemCallError
      nil # a projected volume may leave it out
    end
  end
end
