# frozen_string_literal: true

require "openssl"
require "set"
require "socket"

# A small HTTP/1.1 server on a real socket, with TLS or without. It answers what the spec says and remembers what it was asked.
class HttpServer
  Request = Struct.new(:verb, :path, :headers, :body, :connection, keyword_init: true)

  # Ports that a server of this process has had.
  HAD = Set.new
  LOCK = Mutex.new
  private_constant :HAD, :LOCK

  attr_reader :port

  # @param port [Integer] 0 for one that nobody had: a process remembers what a server serves, and would take another there for that one
  # @return [TCPServer]
  def self.listen(host, port)
    loop do
      tcp = TCPServer.new(host, port)
      return tcp if LOCK.synchronize { HAD.add?(tcp.addr[1]) } || port.nonzero?

      tcp.close
    end
  end

  # @param port [Integer] 0 for a free one
  # @yieldparam request [Request]
  # @yieldreturn [Array(Integer, Hash, String), Proc] an answer, or something to do with the socket
  def initialize(tls: nil, host: "127.0.0.1", port: 0, &answer)
    @answer = answer
    @seen = []
    @tcp = self.class.listen(host, port)
    @port = @tcp.addr[1]
    @server = tls ? OpenSSL::SSL::SSLServer.new(@tcp, tls) : @tcp
    @sockets = Queue.new
    @connections = 0
    @accepting = Thread.new { accept }
  end

  def url
    "#{@server.equal?(@tcp) ? 'http' : 'https'}://127.0.0.1:#{port}"
  end

  # How many connections have been opened.
  attr_reader :connections

  # Every request so far, in their order.
  def seen
    @seen.dup
  end

  def stop
    @accepting.kill
    @tcp.close
    @sockets.pop.close until @sockets.empty?
  end

  private

  def accept
    loop do
      socket = begin
        @server.accept
      rescue OpenSSL::SSL::SSLError, SystemCallError
        next
      end
      @connections += 1
      @sockets << socket
      Thread.new(socket, @connections) { |s, number| serve(s, number) }
    end
  rescue IOError
    nil
  end

  def serve(socket, number)
    while (request = read(socket, number))
      @seen << request
      answer = @answer.call(request)
      answer.is_a?(Proc) ? answer.call(socket) : write(socket, *answer)
    end
  rescue IOError, SystemCallError, OpenSSL::SSL::SSLError
    nil
  ensure
    socket.close unless socket.closed?
  end

  def read(socket, number)
    line = socket.gets or return
    verb, path, = line.split
    headers = {}
    while (line = socket.gets) && line != "\r\n"
      name, value = line.chomp.split(": ", 2)
      headers[name.downcase] = value
    end
    body = headers["content-length"] ? socket.read(headers["content-length"].to_i) : nil
    Request.new(verb: verb, path: path, headers: headers, body: body, connection: number)
  end

  def write(socket, status, headers, body)
    head = headers.merge("content-length" => body.bytesize).map { |name, value| "#{name}: #{value}\r\n" }.join
    socket.write("HTTP/1.1 #{status} X\r\n#{head}\r\n#{body}")
  end
end
