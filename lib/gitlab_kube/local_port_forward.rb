# frozen_string_literal: true

require "socket"

module GitlabKube
  # A port of this machine's loopback that leads to a port of a pod, for programs that want an address.
  class LocalPortForward
    # Bytes moved at once.
    PIECE = 32 << 10
    # Seconds until it listens again after the system had no descriptor for a connection.
    PAUSE = 0.1
    private_constant :PIECE, :PAUSE

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
    rescue SystemCallError
      sleep PAUSE # who has connected is still there
      retry
    rescue IOError
      nil # closed
    end

    # Why writing to the pod failed, its reader is told.
    def serve(socket)
      pod = @connect.call
      answers = start { answer(pod, socket) }
      copy(socket, pod)
    rescue GitlabKube::Error
      answers ? answers.join : reset(socket)
    ensure
      socket.close
      pod&.close
      answers&.join
    end

    # A connection that fails is reset, as a socket's would be: a program must not take half an answer for the whole. The others go on.
    def answer(pod, socket)
      copy(pod, socket)
    rescue GitlabKube::Error
      reset(socket)
    ensure
      pod.close
      socket.close
    end

    def copy(from, into)
      loop { into.write(from.readpartial(PIECE)) }
    rescue IOError, SystemCallError
      nil
    end

    def reset(socket)
      socket.setsockopt(Socket::Option.linger(true, 0))
    rescue IOError, SystemCallError
      nil # the program has closed it
    end

    def start(&work)
      thread = Thread.new(&work)
      thread.report_on_exception = false
      @threads.add(thread)
      thread
    end
  end
end
