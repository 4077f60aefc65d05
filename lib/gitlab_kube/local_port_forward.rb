# frozen_string_literal: true

require "socket"

module GitlabKube
  # A port of this machine's loopback that leads to a port of a pod, for programs that want an address.
  class LocalPortForward
    # Bytes moved at once.
    PIECE = 32 << 10
    private_constant :PIECE

    # @return [Integer] the local port
    attr_reader :port

    # @param port [Integer] 0 for a free one
    # @param connect [#call] opens a {ForwardedPort}
    # @api private
    def initialize(port, connect)
      @connect = connect
      @server = TCPServer.new("127.0.0.1", port)
      @port = @server.addr[1]
      @threads = ThreadGroup.new
      start { accept }
    end

    # Stops listening, and closes the connections.
    # @return [nil]
    # @raise nothing
    # @example
    #   forward.close
    def close
      @server.close
      @threads.list.each(&:kill).each { |thread| thread.join unless thread == Thread.current }
      nil
    end

    # @return [String]
    def inspect
      "#<#{self.class} 127.0.0.1:#{port}>"
    end

    private

    def accept
      loop do
        socket = @server.accept
        start { serve(socket) }
      end
    rescue IOError
      nil # closed
    end

    # A connection that fails is closed, as a socket's would be; the others go on.
    def serve(socket)
      pod = @connect.call
      back = start { copy(pod, socket) }
      copy(socket, pod)
    rescue GitlabKube::Error
      nil
    ensure
      socket.close
      pod&.close
      back&.join
    end

    def copy(from, into)
      loop { into.write(from.readpartial(PIECE)) }
    rescue IOError, SystemCallError, GitlabKube::Error
      nil
    ensure
      from.close
      into.close
    end

    def start(&work)
      thread = Thread.new(&work)
      thread.report_on_exception = false
      @threads.add(thread)
      thread
    end
  end
end
