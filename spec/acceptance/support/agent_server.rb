# frozen_string_literal: true

require "json"
require "openssl"
require "socket"
require "uri"
require_relative "../../contract/support/pki"

# What GitLab's agent server is to a client: TLS, a path prefix that is cut off, tokens of its own, and the cluster behind it
# byte for byte. Its own answers are a Status whose message begins with its name.
class AgentServer
  PREFIX = "/-/kubernetes-agent/k8s-proxy"

  # @param cluster [TestCluster]
  # @param tokens [Array<String>] those it knows
  # @param connected [#call] whether the agent is there
  def initialize(cluster, tokens, connected: -> { true })
    @cluster = cluster
    @tokens = tokens
    @connected = connected
    @pki = Pki.new
    @tcp = TCPServer.new("127.0.0.1", 0)
    @tls = OpenSSL::SSL::SSLServer.new(@tcp, @pki.context)
    @accepting = Thread.new { accept }
  end

  def url
    "https://127.0.0.1:#{@tcp.addr[1]}#{PREFIX}/"
  end

  def ca_pem
    @pki.ca.to_pem
  end

  def stop
    @accepting.kill
    @tcp.close
  end

  private

  def accept
    loop do
      Thread.new(@tls.accept) { |client| serve(client) }
    rescue OpenSSL::SSL::SSLError
      next
    end
  end

  # One request for each connection: what a proxy that knows nothing of HTTP can pass on whole.
  def serve(client)
    head = client.gets("\r\n\r\n") or return
    refusal = refusal(head)
    return client.write(refusal) if refusal

    upstream = connect
    upstream.write(passed_on(head))
    upward = Thread.new { pass_up(client, upstream) }
    client.write(upstream.readpartial(65_536)) until upstream.eof?
  rescue IOError, SystemCallError, OpenSSL::SSL::SSLError
    nil
  ensure
    upward&.kill
    [upstream, client].each { |socket| socket&.close }
  end

  def pass_up(client, upstream)
    IO.copy_stream(client, upstream)
  rescue IOError, SystemCallError, OpenSSL::SSL::SSLError
    nil # the answer is over
  end

  # Without its prefix and its token. The cluster closes the connection after its answer, unless that is to become a stream of both ways.
  def passed_on(head)
    head = head.sub(" #{PREFIX}/", " /").sub(/^authorization:.*\r\n/i, "")
    head.match?(/^connection: upgrade\r$/i) ? head : head.sub("\r\n", "\r\nconnection: close\r\n")
  end

  def refusal(head)
    token = head[/^authorization: Bearer (.*)\r$/i, 1]
    return answer(401, "Unauthorized: MARKER", "Gitlab-Unauthorized: true\r\n") unless @tokens.include?(token)

    answer(502, "HTTP->gRPC: failed to read gRPC response: MARKER") unless @connected.call
  end

  def answer(code, words, header = "")
    body = JSON.generate(kind: "Status", apiVersion: "v1", status: "Failure", code: code, message: "GitLab Agent Server: #{words}")
    "HTTP/1.1 #{code} X\r\ncontent-type: application/json\r\ncontent-length: #{body.bytesize}\r\nconnection: close\r\n#{header}\r\n#{body}"
  end

  def connect
    uri = URI(@cluster.server)
    context = OpenSSL::SSL::SSLContext.new
    context.cert = OpenSSL::X509::Certificate.new(@cluster.admin_cert_pem)
    context.key = OpenSSL::PKey.read(@cluster.admin_key_pem)
    OpenSSL::SSL::SSLSocket.new(TCPSocket.new(uri.host, uri.port), context).tap do |socket|
      socket.sync_close = true
      socket.connect
    end
  end
end
