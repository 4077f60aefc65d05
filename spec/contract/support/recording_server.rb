# frozen_string_literal: true

# A server on loopback that keeps what it was sent, byte for byte, and answers what it was told. One request for each connection.
require "json"
require "openssl"
require "socket"

class RecordingServer
  # What arrived.
  Request = Struct.new(:verb, :target, :headers, :body)

  # What goes back: a status with headers and a body, or `raw` bytes, after which the connection is closed. Of an Array each piece is sent
  # in turn, and those of a Queue in it as they come, until nil.
  Answer = Struct.new(:status, :headers, :body, :raw, keyword_init: true)

  attr_reader :requests

  # @param tls [OpenSSL::SSL::SSLContext, nil]
  # @yieldparam request [Request]
  # @yieldreturn [Answer, nil] nil closes the connection without a word
  def initialize(tls: nil, host: "127.0.0.1", &answer)
    @requests = []
    @host = host
    @answer = answer
    @listener = TCPServer.new(host, 0)
    @port = @listener.addr[1]
    @tls = tls
    @thread = Thread.new { serve }
    @thread.report_on_exception = false
  end

  def url
    "#{@tls ? 'https' : 'http'}://#{@host}:#{@port}"
  end

  def close
    @thread.kill.join
    @listener.close
  end

  private

  def serve
    loop do
      connection = @listener.accept
      Thread.new { talk(connection) }.report_on_exception = false
    end
  end

  def talk(connection)
    stream = @tls ? OpenSSL::SSL::SSLSocket.new(connection, @tls).tap(&:accept) : connection
    request = read(stream) or return
    @requests << request
    answer = @answer.call(request)
    pieces(answer) { |piece| stream.write(piece) } if answer
  ensure
    connection.close
  end

  def read(stream)
    verb, target, = stream.gets.to_s.split
    return unless target

    headers = {}
    while (line = stream.gets.to_s.chomp) && !line.empty?
      name, value = line.split(": ", 2)
      headers[name.downcase] = value
    end
    Request.new(verb, target, headers, stream.read(headers.fetch("content-length", 0).to_i))
  end

  def pieces(answer, &send)
    Array(answer.raw || bytes(answer)).each do |piece|
      next send.call(piece) unless piece.is_a?(Queue)

      while (more = piece.pop)
        send.call(more)
      end
    end
  end

  def bytes(answer)
    headers = { "Content-Type" => "application/json", "Content-Length" => answer.body.bytesize,
                "Connection" => "close" }.merge(answer.headers || {})
    "HTTP/1.1 #{answer.status} #{reason(answer.status)}\r\n#{headers.map { |pair| pair.join(': ') }.join("\r\n")}\r\n\r\n#{answer.body}"
  end

  REASONS = {
    200 => "OK", 201 => "Created", 302 => "Found", 400 => "Bad Request", 401 => "Unauthorized", 403 => "Forbidden", 404 => "Not Found",
    409 => "Conflict", 410 => "Gone", 422 => "Unprocessable Entity", 429 => "Too Many Requests", 500 => "Internal Server Error"
  }.freeze

  def reason(status)
    REASONS.fetch(status, "Whatever")
  end
end
