# frozen_string_literal: true

require_relative "../web_socket_server"

# What a hostile server says when a command or a port of a pod is asked for: a marker wherever RFC 6455 and Kubernetes have a place.
module HostileSockets
  CASES = %w[ws-refused ws-protocol ws-extension ws-accept ws-close ws-text ws-status ws-reason ws-channel ws-port ws-cut ws-long].freeze

  module_function

  # @param marker [String]
  # @param status [String] a Status full of it
  def talk(socket, request, name, marker, status)
    asked = request.headers["sec-websocket-protocol"].split(", ").first
    WebSocketServer.shake(socket, request, fields(name, marker, asked)) { socket.write(*said(name, marker, status)) }
  end

  def fields(name, marker, asked)
    known = { "Sec-WebSocket-Protocol" => asked, "X-#{marker}" => marker, "Set-Cookie" => marker }
    case name
    when "ws-protocol" then known.merge("Sec-WebSocket-Protocol" => marker)
    when "ws-extension" then known.merge("Sec-WebSocket-Extensions" => marker)
    when "ws-accept" then known.merge("Sec-WebSocket-Accept" => marker)
    else known
    end
  end

  def said(name, marker, status)
    message = WebSocketServer.method(:message)
    {
      "ws-close" => WebSocketServer.close(1011, marker),
      "ws-text" => message.call(1, marker, opcode: 1),
      "ws-status" => message.call(3, status),
      "ws-reason" => message.call(3, %({"status":"#{marker}","reason":{"#{marker}":1},"message":"#{marker}"})),
      "ws-channel" => [message.call(9, marker), message.call(3, marker)],
      "ws-port" => [[80].pack("v"), marker].map { |text| message.call(1, text) },
      "ws-cut" => "\x82\x7e\x01\x00\x01#{marker}".b,
      "ws-long" => [0x82, 127, 1 << 40].pack("CCQ>") + marker
    }[name]
  end
end
