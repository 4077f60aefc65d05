# frozen_string_literal: true

require "base64"
require "digest/sha1"
require_relative "kube_server"

# An API server whose pods can be told to say anything over a WebSocket (RFC 6455), however wrong.
module WebSocketServer
  GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

  module_function

  # @param overriding [Hash] header fields of the answer; nil leaves one out
  # @yieldparam socket [TCPSocket] after the handshake
  def start(overriding = {}, protocol: "v5.channel.k8s.io", &talk)
    KubeServer.start { |request| ->(socket) { shake(socket, request, { "Sec-WebSocket-Protocol" => protocol }.merge(overriding), &talk) } }
  end

  def shake(socket, request, fields)
    accept = Base64.strict_encode64(Digest::SHA1.digest(request.headers.fetch("sec-websocket-key") + GUID))
    head = { "Connection" => "Upgrade", "Upgrade" => "websocket", "Sec-WebSocket-Accept" => accept }.merge(fields).compact
    socket.write("HTTP/1.1 101 Switching Protocols\r\n#{head.map { |name, value| "#{name}: #{value}\r\n" }.join}\r\n")
    yield socket
    socket.close
  end

  # A whole binary message, unmasked as a server's are.
  def message(channel, text, opcode: 2)
    payload = [channel].pack("C") + text.b
    [0x80 | opcode, 126, payload.bytesize].pack("CCn") + payload
  end

  def close(code, reason)
    [0x88, reason.bytesize + 2, code].pack("CCn") + reason.b
  end

  # What a client sent: `[opcode, payload]`, unmasked.
  def read(socket)
    first, second = socket.read(2).unpack("CC")
    length = second & 0x7f
    length = socket.read(2).unpack1("n") if length == 126
    mask = socket.read(4).bytes
    [first & 0x0f, socket.read(length).bytes.each_with_index.map { |byte, i| byte ^ mask[i % 4] }.pack("C*")]
  end
end
