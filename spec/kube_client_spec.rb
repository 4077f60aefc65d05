# frozen_string_literal: true

require "gitlab_kube"
require_relative "support/eventually"
require_relative "support/held_port"
require_relative "support/kube_server"

RSpec.describe GitlabKube::KubeClient do
  include Eventually

  let(:server) { KubeServer.start { |request| answer.call(request) } }
  let(:answer) { ->(_request) { KubeServer.json({ kind: "Pod", metadata: { name: "a" } }) } }
  let(:client) { KubeServer.client(server, timeouts: { open: 2, read: 2 }) }

  after { server.stop }

  describe "connections and discovery" do
    it "uses one connection for 100 calls" do
      100.times { client.get_pod("a", "web") }
      expect(server.connections).to eq(1)
      expect(server.seen.size).to eq(101)
    end

    it "sends one discovery when ten threads come first" do
      Array.new(10) { Thread.new { client.get_pod("a", "web") } }.each(&:join)
      expect(server.seen.count { |request| request.path == "/api/v1" }).to eq(1)
    end

    it "has a server whose discovery hangs asked by all threads, not by one after the other" do
      hanging = HttpServer.new { ->(socket) { socket.read(1) } }
      patient = KubeServer.client(hanging, timeouts: { open: nil, read: nil, total: nil })
      threads = Array.new(4) { Thread.new { patient.get_pod("a", "web") } }
      eventually { hanging.seen.size == 4 }
    ensure
      threads.each(&:kill).each(&:join)
      hanging.stop
    end

    it "shares connections and discovery between clients of the same cluster" do
      client.get_pod("a", "web")
      KubeServer.client(server, timeouts: { open: 2, read: 2 }).get_pod("a", "web")
      expect(server.connections).to eq(1)
      expect(server.seen.size).to eq(3)
    end

    it "asks again after discover, and after a 404 that knows no route" do
      client.core_client.discover
      client.core_client.discover
      expect(server.seen.size).to eq(2)
    end

    it "tells the truth about what it responds to" do
      core = client.core_client
      expect(core).to respond_to(:get_pods, :get_pod, :watch_pods, :create_secret, :merge_patch_pod)
      expect(core).not_to respond_to(:get_nodes)
      expect(core).not_to respond_to(:watch_pod)
      expect { core.get_nodes }.to raise_error(NoMethodError)
    end
  end

  describe "as:" do
    it "is the format of every group's client, where a call does not say otherwise" do
      client = KubeServer.client(server, as: :parsed)
      pod = { "kind" => "Pod", "metadata" => { "name" => "a" } }

      expect([client.get_pod("a", "web"), client.client_for("v1").get("pods", "a", namespace: "web")]).to all(eq(pod))
      expect(client.get_pod("a", "web", as: :ros).metadata.name).to eq("a")
    end
  end

  describe "each_page" do
    let(:answer) do
      lambda do |request|
        more = request.path.include?("continue=") ? nil : "next"
        KubeServer.json({ kind: "SecretList", metadata: { continue: more }, items: [{ data: { token: "MARKER" } }] })
      end
    end

    it "comes to the last page, whatever the client's format is" do
      %i[ros raw parsed parsed_symbolized].each do |format|
        pages = KubeServer.client(server, as: format).core_client.each_page("secrets", limit: 1)
        expect(pages.map { |page| page.map { |secret| secret.data.token } }).to eq([["MARKER"], ["MARKER"]])
      end
    end

    [{ as: :parsed }, { as: :raw }, { as_table: true }].each do |options|
      it "sends nothing with #{options}, which would end in the middle" do
        expect { client.core_client.each_page("secrets", **options) { nil } }.to raise_error(GitlabKube::InvalidArgumentError)
        expect(server.seen).to be_empty
      end
    end
  end

  describe "names" do
    ["..", "a/../../secrets/x", "%2e%2e", "a?watch=1", "a#b", ""].each do |name|
      it "sends nothing for a pod called #{name.inspect}" do
        client.core_client.discover
        expect { client.get_pod(name, "web") }.to raise_error(ArgumentError)
        expect { client.get_pod("a", name) }.to raise_error(ArgumentError) unless name.empty?
        expect(server.seen.size).to eq(1)
      end
    end

    [
      ["../../secrets/x", 80, "web"], ["a?b", 80, "web"], ["a#b", 80, "web"], ["%2e%2e", 80, "web"], ["", 80, "web"],
      ["a", "80/../x", "web"], ["a", 80, "../x"], ["a", 80, ".."]
    ].each do |name, port, namespace|
      it "gives no URL of a proxy for #{name.inspect}, #{port.inspect} in #{namespace.inspect}" do
        expect { client.core_client.proxy_url("pod", name, port, namespace) }.to raise_error(GitlabKube::InvalidArgumentError)
      end
    end
  end

  describe "errors" do
    it "quote no object that has no fields" do
      core = client.core_client
      [[{ data: "MARKER" }], "[\"MARKER\"]", "\"MARKER\""].each do |object|
        calls = [-> { core.create("pods", object, kind: "Pod") }, -> { core.create("pods", object) }, -> { core.update("pods", object) },
                 -> { core.apply("pods", object, field_manager: "spec") }]
        expect(calls).to all(raise_error(GitlabKube::InvalidArgumentError) { |e| expect(e.full_message).not_to include("MARKER") })
      end
      expect(server.seen).to be_empty
    end

    it "has no word of the server in any of them" do
      {
        302 => GitlabKube::HttpError, 401 => GitlabKube::UnauthorizedError, 403 => GitlabKube::ForbiddenError,
        404 => GitlabKube::ResourceNotFoundError, 409 => GitlabKube::ConflictError, 410 => GitlabKube::GoneError,
        422 => GitlabKube::UnprocessableError, 429 => GitlabKube::TooManyRequestsError, 500 => GitlabKube::ServerError
      }.each do |code, klass|
        body = { kind: "Status", message: "MARKER", reason: "MARKER" }
        answer = KubeServer.json(body, status: code)
        answer[1].merge!("location" => "http://127.0.0.1:1/MARKER", "x" => "MARKER")
        server = KubeServer.start { answer }
        error = begin
          KubeServer.client(server).get_pod("a", "web")
        rescue StandardError => e
          e
        end
        expect(error).to be_a(klass).and be_a(GitlabKube::Error)
        expect(error.error_code).to eq(code)
        shown = [error.message, error.inspect, error.full_message, error.to_s, Marshal.load(Marshal.dump(error)).inspect].join
        expect(shown).not_to include("MARKER")
        expect(error.unsafe_server_message).to eq("MARKER")
        server.stop
      end
    end

    it "names a method that got the wrong arguments as the program did: what a kind is called is the server's" do
      discovery = { kind: "APIResourceList", resources: [{ name: "pods", kind: "Marker", namespaced: true, verbs: %w[get list] }] }
      server = KubeServer.start(discovery: discovery) { KubeServer.json({}) }
      expect { KubeServer.client(server).get_pods(1, 2) }
        .to raise_error(GitlabKube::InvalidArgumentError, "get_pods: wrong number of arguments (given 2, expected 0..1)")
      server.stop
    end

    it "leaves an ArgumentError of a block, of an interceptor and of a token provider as it is" do
      server = KubeServer.start { [200, {}, "#{JSON.generate({ type: 'ADDED', object: { kind: 'Pod' } })}\n"] }
      raised = ArgumentError.new("the program's own")
      client = KubeServer.client(server)
      expect { client.watch_pods { raise raised } }.to raise_error(raised)
      expect { KubeServer.client(server, auth_options: { bearer_token: -> { raise raised } }).get_pods }.to raise_error(raised)
      client.core_client.discover
      GitlabKube.interceptor = ->(_request) { raise raised }
      expect { client.get_pods }.to raise_error(raised)
    ensure
      GitlabKube.interceptor = nil
      server.stop
    end

    it "is an HttpError with code 302 for a redirect, and does not follow it" do
      target = KubeServer.start { KubeServer.json({}) }
      server = KubeServer.start { [302, { "location" => "#{target.url}/api/v1/pods" }, ""] }
      expect { KubeServer.client(server).get_pods }.to raise_error(GitlabKube::HttpError) { |e| expect(e.error_code).to eq(302) }
      expect(target.seen).to be_empty
      [target, server].each(&:stop)
    end

    {
      "half a body" => [->(s) { s.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"kind\":") && s.close }, Errno::ECONNRESET],
      "not JSON" => [->(s) { s.write("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>") }, GitlabKube::InvalidResponseError],
      "a connection that is closed" => [:close.to_proc, Errno::ECONNRESET],
      "something that is not HTTP" => [->(s) { s.write("SSH-2.0-OpenSSH_9\r\n") && s.close }, GitlabKube::InvalidResponseError]
    }.each do |what, (act, klass)|
      it "is typed for #{what}" do
        server = KubeServer.start { act }
        expect { KubeServer.client(server).get_pod("a", "web") }.to raise_error(klass)
        server.stop
      end
    end

    it "is a subclass of Errno::ECONNREFUSED for a closed port" do
      HeldPort.open do |port|
        client = described_class.for_operator("http://127.0.0.1:#{port}")
        expect { client.get_pods }.to raise_error(GitlabKube::ConnectionRefusedError) { |e| expect(e).to be_a(Errno::ECONNREFUSED) }
      end
    end

    it "is a TimeoutError whose message says so, with no code" do
      server = KubeServer.start { ->(_s) { sleep } }
      client = KubeServer.client(server, timeouts: { read: 0.2 })
      expect { client.get_pod("a", "web") }.to raise_error(GitlabKube::TimeoutError, /timed out/i) { |e| expect(e.error_code).to be_nil }
      server.stop
    end
  end

  describe "what is written" do
    it "has times as Kubernetes reads them, wherever they are in a Hash, a Resource, a patch or a raw body" do
      time = Time.utc(2026, 1, 2, 3, 4, 5)
      spec = { at: time, list: [{ at: time }] }
      client.core_client.create("pods", { spec: spec }, namespace: "web")
      client.core_client.create("pods", GitlabKube::Resource.new(spec: spec), namespace: "web")
      client.core_client.patch("pods", "a", { spec: spec }, namespace: "web")
      client.core_client.patch("pods", "a", [{ spec: spec }], namespace: "web", strategy: :json_patch)
      client.raw(:post, "/api/v1/namespaces/web/pods", body: { spec: spec })
      written = server.seen.map { |request| [JSON.parse(request.body)].flatten.first["spec"] }
      expect(written).to eq([{ "at" => "2026-01-02T03:04:05.000Z", "list" => [{ "at" => "2026-01-02T03:04:05.000Z" }] }] * 5)
    end

    it "is refused where it is no text, in a raw body too, and not quoted" do
      expect { client.raw(:post, "/api", body: { secret: "hunter2\xFF" }) }
        .to raise_error(GitlabKube::InvalidArgumentError, "the object is not JSON")
    end
  end

  describe "a token that is asked for" do
    def ask(provider)
      KubeServer.client(server, auth_options: { bearer_token: provider }).get_pods
    end

    it "may come from anything with a call, which may take whether the last one was refused" do
      providers = { "lambda" => -> { "lambda" }, "false" => ->(refused) { refused.to_s }, "method" => "method".method(:itself),
                    "object" => Class.new { def call = "object" }.new, "object false" => Class.new { def call(bad) = "object #{bad}" }.new }
      heard = providers.each_value.map { |provider| ask(provider) && server.seen.last.headers["authorization"] }
      expect(heard).to eq(providers.each_key.map { |token| "Bearer #{token}" })
    end

    it "is refused as an argument is, where it is no text" do
      expect { ask(-> { "\xFF".b }) }.to raise_error(GitlabKube::InvalidArgumentError, "an argument or option is not text in UTF-8")
    end
  end

  describe "construction" do
    it "does no I/O" do
      expect(Addrinfo).not_to receive(:getaddrinfo)
      described_class.new("https://does-not-exist.invalid")
    end

    ["http://localhost:22", "http://192.168.1.2:3003", "ssh://192.168.1.2", "http://169.254.169.254", "https://0x7f.1",
     "http://[::1]"].each do |url|
      it "refuses #{url}" do
        expect { described_class.new(url) }.to raise_error(GitlabKube::BlockedUrlError)
      end
    end

    it "does not let a record name its own origin, nor follow redirects" do
      expect { described_class.new("http://192.168.1.2", operator: true) }.to raise_error(ArgumentError)
      expect(described_class.new("https://example.com", http_max_redirects: 5).kubeclient_options[:http_max_redirects]).to eq(0)
    end

    it "keeps the default of the timeout that is not given" do
      client = described_class.new("https://example.com", timeouts: { read: 7 })
      expect(client.kubeclient_options[:timeouts]).to eq(open: 10, read: 7)
    end

    {
      "an unknown option" => { nonsense: 1 },
      "an unknown format" => { as: :xml },
      "a CA that is not PEM" => { ssl_options: { ca: "MARKER" } },
      "a CA file that is not there" => { ssl_options: { ca_file: "/does/not/exist" } },
      "a certificate without a key" => { ssl_options: { client_cert: "x" } },
      "two credentials" => { auth_options: { bearer_token: "a", username: "b", password: "c" } },
      "a user without password" => { auth_options: { username: "b" } },
      "a negative timeout" => { timeouts: { read: -1 } }
    }.each do |what, options|
      it "says what is wrong with #{what}" do
        expect { described_class.new("https://example.com", **options) }.to raise_error(ArgumentError) do |error|
          expect(error).to be_a(GitlabKube::Error)
          expect(error.message).not_to include("MARKER")
        end
      end
    end
  end

  describe "secrets" do
    it "prints no credential, not in a NoMethodError either" do
      client = described_class.new("https://example.com", auth_options: { bearer_token: "MARKER" })
      shown = [client.inspect, client.core_client.inspect, client.to_s, client.core_client.to_s]
      [client, client.core_client].each do |object|
        object.no_such_method
      rescue NoMethodError => e
        shown << e.message
      end
      expect(shown.join).not_to include("MARKER")
    end
  end
end
