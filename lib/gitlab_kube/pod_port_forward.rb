# frozen_string_literal: true

require_relative "forwarded_port"
require_relative "local_port_forward"

module GitlabKube
  # Connections to ports of pods, through the API server.
  module PodPortForward
    # @overload port_forward(pod, namespace, port)
    #   One connection to the port.
    #   @return [ForwardedPort, Object] with a block, what it returns
    # @overload port_forward(pod, namespace, port, local_port:)
    #   A port of this machine's loopback; each connection to it is one to the pod's.
    #   @param local_port [Integer] 0 for a free one
    #   @return [LocalPortForward, Object] with a block, what it returns
    # @param pod [String]
    # @param namespace [String]
    # @param port [Integer] the container's
    # @yieldparam forward [ForwardedPort, LocalPortForward] closed after the block
    # @raise [ResourceNotFoundError, ForbiddenError, HttpError]
    # @example
    #   client.core_client.port_forward("redis-0", "shop", 6379) do |connection|
    #     connection.write("PING\r\n")
    #     connection.readpartial(1024) # => "+PONG\r\n"
    #   end
    # @example
    #   client.core_client.port_forward("web-0", "shop", 8080, local_port: 0) do |forward|
    #     Net::HTTP.get(URI("http://127.0.0.1:#{forward.port}/health"))
    #   end
    def port_forward(pod, namespace, port, local_port: nil, &block)
      @connection.check
      raise InvalidArgumentError, "port_forward needs a pod and a namespace" unless pod && namespace
      raise InvalidArgumentError, "a port is a number from 1 to 65535" unless port.is_a?(Integer) && port.between?(1, 65_535)

      connect = -> { forwarded_port(pod, namespace, port) }
      forward = local_port ? LocalPortForward.new(local_port, connect) : connect.call
      return forward unless block

      begin
        yield forward
      ensure
        forward.close
      end
    end

    private

    def forwarded_port(pod, namespace, port)
      facts = { namespace: namespace, name: pod, subresource: "portforward", query: [["ports", port.to_s]] }
      ForwardedPort.new(request(:get, "pods", **facts, want: :port_forward, accept: :any))
    end
  end
end
