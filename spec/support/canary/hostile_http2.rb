# frozen_string_literal: true

require "openssl"
require "socket"

# A server of HTTP/2 (RFC 9113) that puts a marker into frames: `https://127.0.0.1:port/CASE` says which.
class HostileHttp2
  CASES = %w[goaway late-goaway headers reset garbage settings].freeze
  DATA = 0
  HEADERS = 1
  RST_STREAM = 3
  SETTINGS = 4
  GOAWAY = 7

  def initialize(marker, status, context)
    @marker = marker
    @status = status
    context.alpn_select_cb = ->(_offered) { "h2" }
    @tcp = TCPServer.new("127.0.0.1", 0)
    @server = OpenSSL::SSL::SSLServer.new(@tcp, context)
    @cases = CASES.dup
    @accepting = Thread.new { loop { serve } }
    @accepting.report_on_exception = false
  end

  def url
    "https://127.0.0.1:#{@tcp.addr[1]}"
  end

  def stop
    @accepting.kill
    @tcp.close
  end

  private

  # One connection for each case, in their order: each ends its connection.
  def serve
    socket = @server.accept
    socket.read(24) # the preface
    socket.write(frame(SETTINGS, 0, 0, ""))
    say(socket, @cases.shift)
    socket.flush
  rescue SystemCallError, OpenSSL::SSL::SSLError, IOError
    nil # it has heard enough
  ensure
    socket&.close
  end

  def say(socket, name)
    return socket.write(goaway) if name == "goaway"

    until_asked(socket)
    case name
    when "late-goaway" then socket.write(headers, goaway)
    when "headers" then socket.write(headers, frame(DATA, 1, 1, @status))
    when "reset" then socket.write(headers, frame(RST_STREAM, 0, 1, [2].pack("N")))
    when "garbage" then socket.write(@marker * 20)
    when "settings" then socket.write(frame(SETTINGS, 0, 7, @marker))
    end
  end

  def until_asked(socket)
    loop do
      length, kind = socket.read(9).unpack("B24C").then { |bits, type| [bits.to_i(2), type] }
      socket.read(length)
      break if kind == HEADERS
    end
  end

  # Enhance your calm (RFC 9113 §7): the last stream, a code, and words.
  def goaway
    frame(GOAWAY, 0, 0, [0, 11].pack("NN") + @marker)
  end

  # 500, and a field that is neither indexed nor compressed (RFC 7541 §6.2.2).
  def headers
    field = ["x-#{@marker}", @marker].map { |text| [text.bytesize].pack("C") + text }.join
    frame(HEADERS, 4, 1, "\x8e\x00#{field}".b)
  end

  def frame(type, flags, stream, payload)
    [payload.bytesize].pack("N")[1..] + [type, flags, stream].pack("CCN") + payload.b
  end
end
