# frozen_string_literal: true

require "gitlab_kube"
require_relative "support/kube_server"

# Whose a proxy is: the application's configuration says so, and nothing else does.
RSpec.describe GitlabKube::Configuration do
  let(:server) { KubeServer.start { KubeServer.json({ kind: "Pod", metadata: { name: "a" } }) } }
  let(:proxy) { HttpServer.new { |request| ->(socket) { tunnel(request, socket) } } }
  let(:logins) { Queue.new }

  after do
    GitlabKube.config.operator_proxies = []
    GitlabKube.config.proxy_resolves = false
    [proxy, server].each(&:stop)
  end

  # CONNECT, as a proxy does it; then bytes.
  def tunnel(request, socket)
    logins << request.headers["proxy-authorization"]
    upstream = TCPSocket.new("127.0.0.1", server.port)
    socket.write("HTTP/1.1 200 OK\r\n\r\n")
    pair = [[socket, upstream], [upstream, socket]]
    pair.map { |from, to| Thread.new { copy(from, to) } }.each(&:join)
  end

  def copy(from, to)
    IO.copy_stream(from, to)
  rescue IOError, SystemCallError
    nil # the other side has closed both
  end

  def client(url = server.url)
    GitlabKube::KubeClient.for_operator(url, http_proxy_uri: proxy.url.sub("://", "://jane:s3cret@"))
  end

  it "refuses a private proxy that only the client's options name" do
    expect { client.get_pod("a", "web") }.to raise_error(GitlabKube::BlockedAddressError)
    expect(proxy.connections).to eq(0)
  end

  it "goes through the operator's own proxy, by address and with the login of the URL" do
    GitlabKube.config.operator_proxies = [proxy.url]
    expect(client("http://localhost:#{server.port}").get_pod("a", "web").metadata.name).to eq("a")
    address = eq("127.0.0.1:#{server.port}").or eq("[::1]:#{server.port}") # whichever this machine's localhost is first
    expect(proxy.seen.map { |request| [request.verb, request.path] }.uniq).to match([["CONNECT", address]])
    expect(logins.pop).to eq("Basic #{['jane:s3cret'].pack('m0')}")
  end

  it "gives the proxy a name only where the configuration says that it resolves" do
    GitlabKube.config.operator_proxies = [proxy.url]
    GitlabKube.config.proxy_resolves = true
    client("http://localhost:#{server.port}").get_pod("a", "web")
    expect(proxy.seen.map(&:path).uniq).to eq(["localhost:#{server.port}"])
  end

  it "does not let options say any of this" do
    %i[operators_proxy proxy_resolves operator_proxies].each do |key|
      expect { GitlabKube::KubeClient.new("https://example.com", key => true) }.to raise_error(GitlabKube::InvalidArgumentError)
    end
  end
end
