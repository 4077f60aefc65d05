# frozen_string_literal: true

require "digest"
require "timeout"
require "tmpdir"
require_relative "../support/held_port"
require_relative "support/cluster"

RSpec.describe GitlabKube::PodExec, :cluster do
  let(:client) { self.class.client }
  let(:core) { client.core_client }
  let(:namespace) { self.class.namespace }

  # One namespace and one running pod for all of them: each costs the cluster a second.
  class << self
    def client
      @client ||= AcceptanceCluster.client
    end

    def namespace
      @namespace ||= AcceptanceCluster.namespace(client).tap { |name| run_pod(name, "web", ["sleep", "600"]) }
    end

    def run_pod(namespace, name, command, **container)
      spec = { terminationGracePeriodSeconds: 0, containers: [{ name: "one", image: "alpine", command: command }.merge(container)] }
      annotations = { "testcluster/run" => "true" }
      client.create_pod(metadata: { name: name, namespace: namespace, annotations: annotations }, spec: spec)
      AcceptanceCluster.eventually { client.get_pod(name, namespace).status.phase == "Running" }
    end
  end

  def sh(line, **options, &block)
    core.exec("web", namespace, ["sh", "-c", line], **options, &block)
  end

  it "tells the exit code, and output apart from errors" do
    result = sh("echo out; echo err >&2; exit 3")
    expect([result.exit_code, result.stdout, result.stderr, result.success?]).to eq([3, "out\n", "err\n", false])
    expect(sh("true")).to be_success
    expect(core.exec("web", namespace, %w[printf %s a&b=c], container: "one").stdout).to eq("a&b=c")
  end

  it "gives a command a megabyte of input and its end" do
    expect(sh("wc -c", stdin: "x" * 1_000_000).stdout.to_i).to eq(1_000_000)
    expect(sh("wc -c", stdin: StringIO.new("y" * 1_000_001)).stdout.to_i).to eq(1_000_001)
  end

  it "reads while it writes, so that nothing waits for the other" do
    bytes = Random.bytes(3_000_000)
    expect(Digest::SHA256.digest(sh("cat", stdin: bytes).stdout)).to eq(Digest::SHA256.digest(bytes))
  end

  it "hands output on as it comes" do
    out = StringIO.new
    errors = []
    result = sh("echo one; echo two >&2", stdout: out, stderr: ->(bytes) { errors << bytes })
    expect([out.string, errors.join, result.stdout, result.stderr]).to eq(["one\n", "two\n", nil, nil])
  end

  it "goes on when a command ends before it has read its input" do
    expect(sh("exit 4", stdin: "x" * 5_000_000).exit_code).to eq(4)
  end

  it "tells a terminal its size" do
    sh('while read line; do stty size; test "$line" = bye && exit 5; done', tty: true) do |session|
      session.resize(123, 45)
      session.write("and\n")
      seen = +""
      session.each_output do |_name, bytes|
        seen << bytes
        break if seen.include?("45 123")

        session.write("and\n") if bytes.end_with?("\n")
      end
      session.write("bye\n") # once: after that nobody reads
      expect(session.each_output { nil }).to eq(5)
    end
  end

  it "can be interrupted" do
    expect { Timeout.timeout(1) { sh("sleep 500") } }.to raise_error(Timeout::Error)
    expect(sh("true")).to be_success
  end

  it "joins the main process of a container" do
    self.class.run_pod(namespace, "talks", ["sh", "-c", 'while read line; do echo "heard $line"; done'], stdin: true)
    heard = +""
    core.attach("talks", namespace, stdin: true) do |session|
      session.write("hello\n")
      session.each_output do |_name, bytes|
        heard << bytes
        break if heard.end_with?("\n")
      end
    end
    expect(heard).to eq("heard hello\n")
  end

  it "raises typed errors for a pod that is not there, a container that is not, and a user who may not" do
    expect { core.exec("nobody", namespace, "id") }.to raise_error(GitlabKube::ResourceNotFoundError)
    expect { core.exec("web", namespace, "id", container: "two") }.to raise_error(GitlabKube::HttpError, /400/)
    token = client.create_token("default", namespace).status.token
    stranger = AcceptanceCluster.client(client_cert: nil, client_key: nil, auth_options: { bearer_token: token })
    expect { stranger.core_client.exec("web", namespace, "id") }.to raise_error(GitlabKube::ForbiddenError)
    expect { stranger.core_client.port_forward("web", namespace, 80) }.to raise_error(GitlabKube::ForbiddenError)
  end

  it "opens where an OpenSSL::X509::Store judges the server" do
    store = OpenSSL::X509::Store.new
    store.add_cert(OpenSSL::X509::Certificate.new(AcceptanceCluster.running.ca_pem))
    expect(AcceptanceCluster.client(ca: nil, cert_store: store).core_client.exec("web", namespace, "true")).to be_success
    stranger = AcceptanceCluster.client(ca: nil, cert_store: OpenSSL::X509::Store.new)
    expect { stranger.core_client.exec("web", namespace, "true") }.to raise_error(GitlabKube::TlsError)
  end

  describe "copies" do
    around { |example| Dir.mktmpdir { |directory| Dir.chdir(directory) { example.run } } }

    it "carry 50 MB there and back unchanged" do
      File.binwrite("large", Random.bytes(50 << 20))
      core.copy_to_pod("web", namespace, "large", "/tmp/large")
      core.copy_from_pod("web", namespace, "/tmp/large", "back")
      expect(Digest::SHA256.file("back")).to eq(Digest::SHA256.file("large"))
    ensure
      sh("rm -f /tmp/large")
    end

    it "carry directories, long names and what may be executed, and leave links out" do
      long = "n" * 90
      FileUtils.mkdir_p("tree/empty")
      FileUtils.mkdir_p("tree/#{long}")
      File.write("tree/#{long}/file", "deep")
      File.write("tree/run", "#!/bin/sh\n", perm: 0o755)
      File.symlink("/etc/passwd", "tree/link")
      core.copy_to_pod("web", namespace, "tree", "/tmp/renamed")
      sh("cd /tmp/renamed && test ! -e link && mkdir -p #{long}/#{long} && echo deeper > #{long}/#{long}/file && ln -s /etc/passwd other")
      core.copy_from_pod("web", namespace, "/tmp/renamed", "back")
      expect(File.read("back/#{long}/file")).to eq("deep")
      expect(File.read("back/#{long}/#{long}/file")).to eq("deeper\n")
      expect(File.executable?("back/run")).to be(true)
      expect(Dir.children("back")).to contain_exactly("empty", "run", long)
    end

    it "say when there is nothing to copy, no place for it, or too much" do
      expect { core.copy_from_pod("web", namespace, "/tmp/nothing", "back") }.to raise_error(GitlabKube::CopyError)
      expect { core.copy_to_pod("web", namespace, "nothing", "/tmp/nothing") }.to raise_error(Errno::ENOENT)
      File.write("small", "small")
      expect { core.copy_to_pod("web", namespace, "small", "/nowhere/small") }.to raise_error(GitlabKube::CopyError)
      sh("head -c 100000 /dev/zero > /tmp/zeros")
      expect { core.copy_from_pod("web", namespace, "/tmp/zeros", "back", limit: 50_000) }.to raise_error(GitlabKube::LimitError)
    end
  end

  describe "forwarded ports" do
    let(:target) { listener.addr[1] }
    let(:listener) do
      TCPServer.new("127.0.0.1", 0).tap do |server|
        Thread.new do
          while (socket = server.accept)
            Thread.new(socket) do |s|
              s.each_line { |line| line == "bye\n" ? break : s.write("pong #{line}") }
              s.close
            end
          end
        rescue IOError
          nil
        end
      end
    end

    before do
      metadata = { name: "listens", namespace: namespace, annotations: { "testcluster/forward" => "127.0.0.1:#{target}" } }
      client.create_pod(metadata: metadata, spec: { containers: [{ name: "one", image: "web" }] })
      AcceptanceCluster.eventually { client.get_pod("listens", namespace).status.phase == "Running" }
    end

    after { client.delete_pod("listens", namespace, delete_options: { gracePeriodSeconds: 0 }) }

    it "are read and written like a socket, through a local port too, until the pod closes" do
      core.port_forward("listens", namespace, 6379) do |connection|
        connection.write("one\n")
        expect(connection.read(9)).to eq("pong one\n")
        connection << "two\n"
        expect(connection.readpartial(100)).to eq("pong two\n")
        connection.write("bye\n")
        expect(connection.read).to eq("")
        expect { connection.readpartial(1) }.to raise_error(EOFError)
      end
      core.port_forward("listens", namespace, 6379, local_port: 0) do |forward|
        sockets = Array.new(3) { TCPSocket.new("127.0.0.1", forward.port) }
        sockets.each { |socket| socket.write("a\n") }
        expect(sockets.map(&:gets)).to eq(["pong a\n"] * 3)
        sockets.each(&:close)
      end
    ensure
      listener.close
    end

    context "where nothing listens" do
      let(:held) { HeldPort.new }
      let(:target) { held.number }

      after { held.close }

      it "raise ConnectionRefusedError, without the node's words" do
        expect { core.port_forward("listens", namespace, 6379, &:read) }.to raise_error(GitlabKube::ConnectionRefusedError) do |e|
          expect(e.message).not_to include("127.0.0.1")
        end
      end
    end
  end
end
