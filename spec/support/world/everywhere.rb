# frozen_string_literal: true

require "json"
require_relative "../web_socket_server"

# A server and a proxy on every address. It ends each connection after an answer, so that the next call dials.
class Everywhere
  def initialize
    @dialled = Queue.new
    [80, 3128].each { |port| HttpServer.new(host: "0.0.0.0", port: port) { |request| ->(socket) { answer(socket, request) } } }
  end

  # @return [Array<String>] who was dialled or asked for since the last time
  def dialled
    Array.new(@dialled.size) { @dialled.pop }
  end

  private

  def answer(socket, request)
    asked = request.verb == "CONNECT" ? " for #{request.path}" : ""
    @dialled << "#{socket.local_address.inspect_sockaddr}#{asked}"
    return tunnel(socket) if request.verb == "CONNECT"
    return finish(socket, "401 Unauthorized", "") if request.headers["authorization"] == "Bearer old"
    return WebSocketServer.shake(socket, request, "Sec-WebSocket-Protocol" => "v5.channel.k8s.io") { nil } if request.headers["upgrade"]

    finish(socket, "200 OK", "#{JSON.generate(document(request.path))}\n")
  end

  def document(path)
    case path
    when "/api/v1" then KubeServer::CORE
    when /watch=true/ then { type: "BOOKMARK", object: { kind: "Pod", metadata: { resourceVersion: "2" } } }
    else { kind: "Odd", metadata: { resourceVersion: "1" }, items: [] }
    end
  end

  def finish(socket, status, body)
    socket.write("HTTP/1.1 #{status}\r\nConnection: close\r\nContent-Length: #{body.bytesize}\r\n\r\n#{body}")
    socket.close
  end

  # Whatever it is asked for, it leads nowhere: that it was asked is enough.
  def tunnel(socket)
    socket.write("HTTP/1.1 200 OK\r\n\r\n")
    socket.readpartial(10_000)
    finish(socket, "404 Not Found", "")
  end
end
