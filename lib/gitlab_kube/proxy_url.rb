# frozen_string_literal: true

require_relative "errors"

module GitlabKube
  # Where services, pods and nodes are to be found behind the API server.
  module ProxyUrl
    # Names, with a scheme before and a port behind: whoever goes to a URL must not be sent to another one's by a name.
    PROXIED = /\A[a-z0-9][-a-z0-9.:]*\z/
    private_constant :PROXIED

    # The URL below which the API server passes requests on to a service, pod or node.
    # @param kind [String, Symbol] such as "service"
    # @param name [String] with `https:` before it where the service speaks TLS
    # @param port [Integer, String]
    # @param namespace [String] empty for what is in none
    # @return [String]
    # @raise [InvalidArgumentError] for a name that would lead elsewhere
    # @example
    #   client.core_client.proxy_url("service", "prometheus", 9090, "monitoring")
    def proxy_url(kind, name, port, namespace = "")
      resource = (catalog.lookup(kind.to_s) || [{ resource: kind.to_s }]).first[:resource]
      path = namespace.to_s.empty? ? [] : ["namespaces", namespace.to_s]
      path += [resource, "#{name}:#{port}"]
      return [api_endpoint, api_version, *path, "proxy"].join("/") if path.all?(PROXIED)

      raise InvalidArgumentError, "proxy_url needs names that Kubernetes may have"
    end
  end
end
