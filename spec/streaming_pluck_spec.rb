# frozen_string_literal: true

require "gitlab_kube"
require_relative "support/kube_server"

RSpec.describe GitlabKube::StreamingPluck do
  let(:server) { KubeServer.start { |request| answer.call(request) } }
  let(:limits) { {} }
  let(:timeouts) { { open: 5, read: 5 } }
  let(:client) { KubeServer.client(server, limits: limits, timeouts: timeouts).core_client }
  let(:told) { Queue.new }

  after { server.stop }

  def pod(number)
    { metadata: { name: "web-#{number}", labels: { app: "web" } }, status: { phase: number.even? ? "Running" : "Pending" } }
  end

  def pods(numbers, **metadata)
    { kind: "PodList", apiVersion: "v1", metadata: { resourceVersion: "42", **metadata }, items: numbers.map { |number| pod(number) } }
  end

  # An answer that is written piece by piece; a Symbol among them is something to do with the socket.
  def piecewise(*pieces)
    lambda do |socket|
      socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n")
      pieces.each { |piece| piece.is_a?(Proc) ? piece.call(socket) : socket.write(piece) }
      socket.close
    end
  end

  def rest_of(text, count)
    at = -1
    count.times { at = text.index("},{\"metadata\"", at + 1) }
    [text[..at], text[at + 1..]]
  end

  context "with a whole list" do
    let(:answer) { ->(_) { KubeServer.json(pods(1..5)) } }

    it "gives the rows that a pluck of the list gives" do
      paths = ["metadata.name", "status.phase", "metadata.labels", "spec.none"]
      expect(client.pluck("pods", *paths)).to eq(client.get_pods.pluck(*paths))
      expect(client.pluck("pods", "metadata.name")).to eq(client.get_pods.pluck("metadata.name"))
    end

    it "asks for what a list would: selectors, a page's size, metadata only" do
      client.pluck("pods", "metadata.name", namespace: "web", label_selector: { app: "web" }, limit: 7, metadata_only: true)
      request = server.seen.last
      expect(request.path).to eq("/api/v1/namespaces/web/pods?labelSelector=app%3Dweb&limit=7")
      expect(request.headers["accept"]).to include("as=PartialObjectMetadataList")
    end

    it "tells a block the version from which a watch may go on" do
      names = []
      expect(client.pluck("pods", "metadata.name") { |name| names << name }).to eq("42")
      expect(names).to eq(%w[web-1 web-2 web-3 web-4 web-5])
    end

    it "gives a block one value, or one for each path" do
      rows = []
      client.pluck("pods", :"metadata.name", "status.phase") { |name, phase| rows << "#{name} #{phase}" }
      client.resource("pods", namespace: "web").pluck("status.phase") { |phase| rows << phase }
      expect(rows.first(2) + rows.last(1)).to eq(["web-1 Pending", "web-2 Running", "Pending"])
    end

    it "refuses no path, nonsense and unknown options before it sends anything" do
      expect { client.pluck("pods") }.to raise_error(GitlabKube::InvalidArgumentError)
      expect { client.pluck("pods", "a..b") }.to raise_error(GitlabKube::InvalidArgumentError)
      expect { client.pluck("pods", "a", nonsense: 1) }.to raise_error(GitlabKube::InvalidArgumentError)
      expect(server.seen).to be_empty
    end

    it "is not stopped by the limit on whole answers" do
      small = KubeServer.client(server, limits: { decoded_bytes: 10, wire_bytes: 10 }).core_client
      expect(small.pluck("pods", "metadata.name").size).to eq(5)
      expect { small.list("pods") }.to raise_error(GitlabKube::LimitError)
    end

    { streamed_bytes: 300, line_bytes: 20, items: 4, depth: 3, string_bytes: 10 }.each do |name, value|
      context "with #{name}: #{value}" do
        let(:limits) { { name => value } }

        it "stops at it" do
          expect { client.pluck("pods", "metadata.name") }.to raise_error(GitlabKube::LimitError)
        end
      end
    end

    it "is seen by an interceptor, and is as happy with what that makes up" do
      seen = []
      GitlabKube.interceptor = lambda do |request, &send|
        seen << [request.verb, request.url.delete_prefix(server.url), request.stream]
        request.url.end_with?("/pods") ? GitlabKube::Interceptor::Response.new(200, {}, JSON.generate(pods(7..8))) : send.call
      end
      expect(client.pluck("pods", "metadata.name")).to eq(%w[web-7 web-8])
      expect(seen).to include([:get, "/api/v1/pods", false])
    ensure
      GitlabKube.interceptor = nil
    end

    it "gives what the server sent, where an interceptor lets the request pass" do
      GitlabKube.interceptor = ->(_request, &send) { send.call }
      expect(client.pluck("pods", "metadata.name").size).to eq(5)
    ensure
      GitlabKube.interceptor = nil
    end

    it "is refused in a web request, as streams are" do
      app = ->(_) { client.pluck("pods", "metadata.name") }
      %i[raise bound refuse].each do |mode|
        guarded = GitlabKube::WebRequestGuard.new(app, mode: mode)
        expect { guarded.call({}) }.to raise_error(GitlabKube::ClusterCallInWebRequest)
      end
    end
  end

  context "with pages" do
    let(:answer) do
      lambda do |request|
        case request.path
        when /continue=second/ then KubeServer.json(pods(3..4, continue: "third"))
        when /continue=third/ then KubeServer.json(last)
        else KubeServer.json(pods(1..2, continue: "second"))
        end
      end
    end
    let(:last) { pods(5..5, continue: "") }

    it "follows them, and says the version once" do
      names = client.pluck("pods", "metadata.name", limit: 2, resource_version: "7", resource_version_match: "Exact")
      expect(names).to eq(%w[web-1 web-2 web-3 web-4 web-5])
      queries = server.seen.map { |request| request.path.delete_prefix("/api/v1/pods?limit=2&") }
      expect(queries).to eq(%w[resourceVersion=7&resourceVersionMatch=Exact continue=second continue=third])
    end

    it "begins where it is told to" do
      expect(client.pluck("pods", "metadata.name", continue: "third")).to eq(%w[web-5])
    end

    it "raises GoneError after the rows of earlier pages, and does not begin anew" do
      gone = KubeServer.start do |request|
        next KubeServer.json(pods(1..2, continue: "old")) unless request.path.include?("continue")

        KubeServer.json({ kind: "Status", reason: "Expired", code: 410 }, status: 410)
      end
      rows = []
      expect { KubeServer.client(gone).core_client.pluck("pods", "metadata.name") { |name| rows << name } }
        .to raise_error(GitlabKube::GoneError)
      expect(rows).to eq(%w[web-1 web-2])
      expect(gone.seen.size).to eq(2)
    ensure
      gone.stop
    end
  end

  context "with a list that comes slowly" do
    let(:parts) { rest_of(JSON.generate(pods(1..4)), 2) }
    let(:answer) { ->(_) { piecewise(parts.first, ->(_socket) { told.pop }, parts.last) } }

    it "gives the rows that have come while the others have not" do
      names = []
      client.pluck("pods", "metadata.name") do |name|
        names << name
        told << :go_on if names.size == 2
      end
      expect(names).to eq(%w[web-1 web-2 web-3 web-4])
    end

    context "with a total timeout" do
      let(:timeouts) { { open: 5, read: 5, total: 1 } }

      it "does not count the time that the block takes" do
        names = []
        client.pluck("pods", "metadata.name") do |name|
          names << name
          next unless names.size == 2

          sleep 1.2
          told << :go_on
        end
        expect(names.size).to eq(4)
      end

      it "counts the time that the server takes" do
        names = []
        expect { client.pluck("pods", "metadata.name") { |name| names << name } }.to raise_error(GitlabKube::TimeoutError)
        expect(names).to eq(%w[web-1 web-2])
        told << :go_on
      end
    end

    it "ends a silence at the read timeout" do
      impatient = KubeServer.client(server, timeouts: { read: 0.2 }).core_client
      expect { impatient.pluck("pods", "metadata.name") { nil } }.to raise_error(GitlabKube::TimeoutError)
      told << :go_on
    end

    it "goes on in the parent when a child has left the block" do
      names = []
      client.pluck("pods", "metadata.name") do |name|
        names << name
        next unless names.size == 2

        pid = fork { Thread.current.kill } # runs every `ensure`
        Process.wait(pid)
        told << :go_on
      end
      expect(names.size).to eq(4)
    end
  end

  context "when the block is left early" do
    let(:closed) { Queue.new }
    let(:answer) do
      text = JSON.generate(pods(1..2))
      ->(_) { piecewise(rest_of(text, 1).first, ->(socket) { closed << (socket.read(1) || :closed) }) }
    end

    it "closes the connection" do
      expect(client.pluck("pods", "metadata.name") { |name| break name }).to eq("web-1")
      expect(closed.pop).to eq(:closed)
    end

    it "closes the connection when it raises, and the exception comes out unchanged" do
      expect { client.pluck("pods", "metadata.name") { raise KeyError, "mine" } }.to raise_error(KeyError, "mine")
      expect(closed.pop).to eq(:closed)
    end
  end

  context "with a list that goes wrong" do
    let(:text) { JSON.generate(pods(1..3)) }

    {
      "is cut within an object" => [->(text) { text[..-40] }, GitlabKube::InvalidResponseError],
      "is cut after its objects" => [->(text) { text[..-3] }, GitlabKube::InvalidResponseError],
      "is no JSON from some place on" => [->(text) { text.sub("web-3", "web-3\n") }, GitlabKube::InvalidResponseError]
    }.each do |what, (spoil, error)|
      it "gives the rows before the error where it #{what}" do
        spoilt = piecewise(*rest_of(spoil.call(text), 2).insert(1, ->(_) { told.pop }))
        server = KubeServer.start { spoilt }
        names = []
        call = lambda do
          KubeServer.client(server).core_client.pluck("pods", "metadata.name") do |name|
            names << name
            told << :go_on if names.size == 2
          end
        end
        expect(&call).to raise_error(error) { |raised| expect(raised.message).not_to include("web") }
        expect(names.first(2)).to eq(%w[web-1 web-2])
      ensure
        server.stop
      end
    end

    it "says so where the server promised more" do
      server = KubeServer.start do
        ->(socket) { socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n#{text}") && socket.close }
      end
      expect { KubeServer.client(server).core_client.pluck("pods", "metadata.name") { nil } }.to raise_error(Errno::ECONNRESET)
    ensure
      server.stop
    end

    it "says so where the answer is no list" do
      server = KubeServer.start { KubeServer.json(pod(1)) }
      expect { KubeServer.client(server).core_client.pluck("pods", "metadata.name") }.to raise_error(GitlabKube::InvalidResponseError)
    ensure
      server.stop
    end

    it "is the error of a list where the server refuses" do
      server = KubeServer.start { KubeServer.json({ kind: "Status", reason: "Forbidden" }, status: 403) }
      expect { KubeServer.client(server).core_client.pluck("pods", "metadata.name") }.to raise_error(GitlabKube::ForbiddenError)
    ensure
      server.stop
    end
  end

  context "with a list that is longer than what is allowed whole" do
    let(:limits) { { decoded_bytes: 1 << 20 } }
    let(:answer) do
      item = JSON.generate(pod(2).merge(spec: { padding: "x" * 10_000 }))
      block = "#{([item] * 100).join(',')},"
      ->(_) { piecewise(%({"kind":"PodList","items":[), *([block] * 60), item, "]}") }
    end

    it "takes far less memory than the list is long" do
      client.pluck("pods", "metadata.name") { break }
      File.write("/proc/self/clear_refs", "5") # forget the peak: proc(5)
      before = memory("VmRSS")
      count = 0
      client.pluck("pods", "metadata.name", "status.phase") { |_name, _phase| count += 1 }
      expect(count).to eq(6_001)
      expect(memory("VmHWM") - before).to be < 30 << 20 # of 60 MB
    end

    def memory(name)
      File.read("/proc/self/status")[/#{name}:\s+(\d+)/, 1].to_i * 1024
    end
  end
end
