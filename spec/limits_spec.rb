# frozen_string_literal: true

require "gitlab_kube"
require "json"
require "zlib"
require_relative "support/eventually"
require_relative "support/kube_server"

RSpec.describe "limits" do
  include Eventually

  pods = { kind: "PodList", apiVersion: "v1", metadata: {} }
  long = "a" * 5000

  # name, its value, what the server says, the error
  whole = {
    header_bytes: [9000, [200, { "x" => long * 3 }, "{}"], GitlabKube::HeadersLimitError],
    wire_bytes: [1000, [200, {}, JSON.generate(pods.merge(a: long))], GitlabKube::WireBytesLimitError],
    decoded_bytes: [1000, [200, {}, JSON.generate(pods.merge(a: long))], GitlabKube::DecodedBytesLimitError],
    depth: [4, [200, {}, JSON.generate(pods.merge(a: [[[[[1]]]]]))], GitlabKube::DepthLimitError],
    string_bytes: [1000, [200, {}, JSON.generate(pods.merge(a: long))], GitlabKube::StringLengthLimitError],
    number_bytes: [10, [200, {}, %({"items":[],"a":#{'1' * 20}})], GitlabKube::NumberLengthLimitError],
    items: [2, [200, {}, JSON.generate(pods.merge(items: [{}, {}, {}]))], GitlabKube::ItemsLimitError]
  }

  def client(server, **options)
    KubeServer.client(server, **options)
  end

  whole.each do |name, (value, answer, error)|
    describe name.to_s do
      let(:server) { KubeServer.start { answer } }

      after { server.stop }

      it "is a client's, and raises #{error}" do
        limited = client(server, limits: { name => value })
        expect { limited.get_pods(limit: 500) }.to raise_error(error) { |e| expect(e).to be_a(GitlabKube::LimitError) }
      end

      it "is the application's, and a client's own goes before it" do
        GitlabKube.config.limits = { name => value }
        expect { client(server).get_pods }.to raise_error(error)
        expect(client(server, limits: { name => 1_000_000 }).get_pods).not_to be_nil
      ensure
        GitlabKube.config.limits = nil
      end
    end
  end

  it "ratio: stops what grows too much" do
    bomb = Zlib.gzip(" " * 1_000_000)
    server = KubeServer.start { [200, { "content-encoding" => "gzip" }, bomb] }
    expect { client(server, limits: { ratio: 10, ratio_after: 1000 }).get_pods }.to raise_error(GitlabKube::RatioLimitError)
    expect { client(server, limits: { ratio: 10 }).get_pods }.to raise_error(GitlabKube::InvalidResponseError)
    server.stop
  end

  it "depth: a client that allows more than Ruby objects are made of is told so where they would be made" do
    crowded = JSON.generate({ a: 200.times.reduce(1) { |inner, _| [*[1] * 31, inner] } }, max_nesting: 0)
    server = KubeServer.start { [200, {}, crowded] }
    expect { client(server, limits: { depth: 1000 }).raw(:get, "/x", as: :parsed) }.to raise_error(GitlabKube::DepthLimitError)
    server.stop
  end

  it "line_bytes: stops a line of a watch" do
    server = KubeServer.start { [200, {}, "#{JSON.generate(type: 'ADDED', object: { a: 'a' * 5000 })}\n"] }
    expect { client(server, limits: { line_bytes: 1000 }).watch_pods { nil } }.to raise_error(GitlabKube::LineLengthLimitError)
    server.stop
  end

  it "connections: a call for which none becomes free is refused, and the next is not" do
    silence = ->(socket) { socket.write("HTTP/1.1 200 OK\r\n\r\n") && sleep }
    server = KubeServer.start { |request| request.path.include?("watch") ? silence : KubeServer.json(pods.merge(items: [])) }
    limited = client(server, limits: { connections: 1 }, timeouts: { open: 1.5 })
    limited.get_pods
    watch = limited.watch_pods
    reading = Thread.new { watch.each(&:itself) }
    eventually { server.seen.any? { |request| request.path.include?("watch") } }
    expect { limited.get_pods }.to raise_error(GitlabKube::ConnectionsLimitError)
    watch.finish
    reading.join
    expect(limited.get_pods).to be_empty
    server.stop
  end

  {
    open: { open: 0.2 }, read: { read: 0.2 }, total: { total: 0.3 }
  }.each do |phase, timeouts|
    it "#{phase}: a TimeoutError that says which it was" do
      silent = TCPServer.new("127.0.0.1", 0)
      url = "#{phase == :open ? 'https' : 'http'}://127.0.0.1:#{silent.addr[1]}"
      expect { GitlabKube::KubeClient.for_operator(url, timeouts: timeouts).get_pods }
        .to raise_error(GitlabKube::TimeoutError) { |error| expect(error.phase).to eq(phase) }
      silent.close
    end
  end

  it "idle: the silence of every stream of a client" do
    server = KubeServer.start { ->(s) { s.write("HTTP/1.1 200 OK\r\n\r\n") && sleep } }
    impatient = client(server, timeouts: { idle: 0.2 })
    expect { impatient.watch_pods { nil } }.to raise_error(GitlabKube::TimeoutError) { |error| expect(error.phase).to eq(:read) }
    server.stop
  end

  it "redirects: none, and a RedirectError with the code" do
    server = KubeServer.start { [302, { "location" => "http://10.0.0.1/" }, ""] }
    expect { client(server).get_pods }.to raise_error(GitlabKube::RedirectError) { |error| expect(error.error_code).to eq(302) }
    server.stop
  end

  {
    "a limit that is none" => { limits: { item: 1 } }, "a limit of zero" => { limits: { items: 0 } },
    "a limit that is no number" => { limits: { items: "many" } }, "limits that are no Hash" => { limits: 5 },
    "a timeout that is none" => { timeouts: { opne: 1 } }
  }.each do |what, options|
    it "refuses #{what}" do
      expect { GitlabKube::KubeClient.new("https://example.com", **options) }.to raise_error(GitlabKube::InvalidArgumentError)
    end
  end

  it "refuses the same of the application" do
    expect { GitlabKube.configure { |config| config.limits = { item: 1 } } }.to raise_error(GitlabKube::InvalidArgumentError)
    expect(GitlabKube.config.limits).to eq({})
  end

  it "are told to users, each with an error that there is" do
    rows = File.readlines(File.expand_path("../docs/limits.md", __dir__)).grep(/^\| `\w+` \|/).map { |row| row.scan(/`(\w+)`/).flatten }
    expect(rows.map { |row| row.first.to_sym }).to match_array(GitlabKube::Limits::NAMES + GitlabKube::Limits::TIMEOUTS)
    expect(rows.map { |row| row.grep(/Error\z/).first }).to all(satisfy { |error| GitlabKube.const_get(error) <= GitlabKube::HttpError })
  end
end
