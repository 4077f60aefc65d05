# frozen_string_literal: true

require "json"
require "stringio"
require "zlib"
require_relative "../kube_server"
require_relative "hostile_http2"
require_relative "hostile_sockets"
require_relative "marked_certificate"

# A server that writes a marker wherever HTTP, TLS, JSON or Kubernetes has a place for words.
class HostileServer
  STATUSES = [302, 400, 401, 403, 404, 409, 410, 422, 429, 500, 503, 504].freeze
  # Answers to `GET …/pods/<name>` that are no Kubernetes Status.
  BROKEN = %w[plain status-line not-http header-name header-value huge-header length chunk json deep text gzip gzip-comment redirect
              reason encoding].freeze

  def self.cases
    STATUSES.map { |code| "status-#{code}" } + BROKEN
  end

  attr_reader :plain, :tls, :proxy, :http2, :ca

  def initialize(marker)
    @marker = marker
    @plain = HttpServer.new { |request| answer(request) }
    @proxy = HttpServer.new { |_request| ->(socket) { say(socket, "HTTP/1.1 407 #{marker}", { "Proxy-Authenticate" => marker }, marker) } }
    @tls = HttpServer.new(tls: certified) { |request| answer(request) }
    @http2 = HostileHttp2.new(marker, status(500), certified)
  end

  def stop
    [plain, tls, proxy, http2].each(&:stop)
  end

  private

  def answer(request)
    case request.path
    when "/api/v1" then KubeServer.json(KubeServer::CORE)
    when "/discovery/api/v1" then KubeServer.json({ kind: "APIResourceList", resources: [{ name: @marker, kind: { @marker => 1 } }] })
    when "/named/api/v1" then KubeServer.json({ resources: [{ name: @marker, kind: "Pod", namespaced: true, verbs: %w[get] }] })
    when %r{/pods/ws-refused/} then ->(socket) { meet(socket, "status-403") }
    when %r{/pods/(ws-\w+)/} then ->(socket) { HostileSockets.talk(socket, request, Regexp.last_match(1), @marker, status(500)) }
    when %r{/cut/log} then ->(socket) { chunk(socket, "whole #{@marker}\ntorn #{@marker}") }
    else ->(socket) { meet(socket, request.path[%r{status-\d+|error-event|torn|nonsense|[^/?]+\z}]) }
    end
  end

  def meet(socket, name)
    case name
    when /\Astatus-(\d+)/ then say(socket, "HTTP/1.1 #{$1} #{@marker}", {}, status($1.to_i)) # rubocop:disable Style/PerlBackrefs
    when "error-event" then say(socket, "HTTP/1.1 200 OK", {}, %({"type":"ERROR","object":#{status(410)}}\n))
    when "torn" then chunk(socket, %({"type":"ADDED","object":{"metadata":{"name":"#{@marker}"}}}\n{"type":"#{@marker}))
    when "nonsense" then say(socket, "HTTP/1.1 200 OK", {}, "{#{@marker}}\n#{@marker}\n")
    else broken(socket, name)
    end
  end

  # What goes wrong below Kubernetes: raw bytes, or a status line, headers and a body.
  def broken(socket, name)
    bytes = raw[name]
    bytes ? socket.write(bytes) : say(socket, *worded.fetch(name))
  ensure
    socket.close
  end

  def raw
    ok = "HTTP/1.1 200 #{@marker}"
    {
      "status-line" => "HTTP/1.1 #{@marker}\r\n\r\n",
      "not-http" => "#{@marker}\r\n\r\n",
      "header-name" => "#{ok}\r\n#{@marker} \u0001: x\r\n\r\n",
      "header-value" => "#{ok}\r\nx: #{@marker}\u0001\u0000\r\n\r\n",
      "huge-header" => "#{ok}\r\nx: #{@marker * 200_000}\r\n\r\n",
      "length" => "#{ok}\r\nContent-Length: #{@marker}\r\n\r\n",
      "chunk" => "#{ok}\r\nTransfer-Encoding: chunked\r\n\r\n#{@marker}\r\n"
    }
  end

  def worded
    ok = "HTTP/1.1 200 #{@marker}"
    {
      "plain" => ["HTTP/1.1 500 #{@marker}", {}, "<h1>#{@marker}</h1>"],
      "json" => [ok, {}, %({"kind":"#{@marker}", #{@marker})],
      "deep" => [ok, {}, %({"#{@marker}":) * 20_000],
      "text" => [ok, { "Content-Type" => "text/#{@marker}" }, @marker],
      "gzip" => [ok, { "Content-Encoding" => "gzip" }, "\x1f\x8b#{@marker}"],
      "gzip-comment" => [ok, { "Content-Encoding" => "gzip" }, gzip],
      "redirect" => ["HTTP/1.1 307 #{@marker}", { "Location" => "http://127.0.0.1:1/#{@marker}" }, ""],
      "reason" => ["HTTP/1.1 409 #{@marker}", {}, %({"kind":"Status","reason":{"#{@marker}":"#{@marker}"},"code":"#{@marker}"})],
      "encoding" => [ok, { "Content-Encoding" => @marker, "Transfer-Encoding" => @marker }, @marker]
    }
  end

  def status(code)
    details = { name: @marker, kind: @marker, causes: [{ message: @marker, field: @marker, reason: @marker }] }
    JSON.generate(kind: "Status", status: @marker, message: "said #{@marker}", reason: @marker, details: details, code: code)
  end

  def say(socket, line, headers, body)
    all = {
      "Content-Type" => "application/json", "Server" => @marker, "Warning" => @marker, "X-#{@marker}" => @marker, "Set-Cookie" => @marker,
      "WWW-Authenticate" => %(Bearer realm="#{@marker}"), "Retry-After" => @marker, "Location" => "/#{@marker}",
      "Content-Length" => body.bytesize, "Connection" => "close"
    }.merge(headers)
    socket.write("#{line}\r\n#{all.map { |name, value| "#{name}: #{value}\r\n" }.join}\r\n#{body}")
    socket.close
  end

  # A body whose end never comes.
  def chunk(socket, text)
    socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n#{text.bytesize.to_s(16)}\r\n#{text}\r\n")
    socket.close
  end

  def gzip
    out = StringIO.new
    Zlib::GzipWriter.wrap(out) do |writer|
      writer.comment = @marker
      writer.orig_name = @marker
      writer.write(@marker)
    end
    out.string
  end

  def certified
    certificate, key = MarkedCertificate.make(@marker)
    @ca = certificate.to_pem
    OpenSSL::SSL::SSLContext.new.tap { |context| context.add_certificate(certificate, key) }
  end
end
