# frozen_string_literal: true

require "gitlab_kube"
require "tempfile"
require "timeout"
require_relative "../support/timing_out"
require_relative "../support/web_socket_server"

RSpec.describe GitlabKube::PodExec do
  include TimingOut

  let(:prefixes) { [0, 1].map { |channel| WebSocketServer.message(channel, [6379].pack("v")) } }
  let(:done) { WebSocketServer.message(3, '{"status":"Success"}') }

  def serve(overriding = {}, **options, &talk)
    @server = WebSocketServer.start(overriding, **options, &talk)
  end

  def run(command = "id", client: KubeServer.client(@server), **options, &block)
    client.core_client.exec("web", "shop", command, **options, &block)
  end

  after do
    GitlabKube.interceptor = nil
    @server&.stop
  end

  it "asks for v5 and v4 with the words of the command, each a parameter" do
    serve { |socket| socket.write(done) }
    run(["sh", "-c", "a&b c"], container: "one", tty: true)
    request = @server.seen.last
    expect(request.path).to eq(
      "/api/v1/namespaces/shop/pods/web/exec?command=sh&command=-c&command=a%26b+c&container=one&stdout=true&tty=true"
    )
    expect(request.headers).to include("sec-websocket-protocol" => "v5.channel.k8s.io, v4.channel.k8s.io", "sec-websocket-version" => "13")
  end

  it "keeps the channels apart, and a split message together" do
    serve do |socket|
      socket.write(WebSocketServer.message(1, ""), WebSocketServer.message(1, "out"), WebSocketServer.message(2, "err"))
      socket.write([0x02, 3].pack("CC"), "\x01mo", [0x80, 2].pack("CC"), "re", WebSocketServer.message(9, "unknown"))
      details = { causes: [{ reason: "ExitCode", message: "7" }] }
      socket.write(WebSocketServer.message(3, JSON.generate(status: "Failure", reason: "NonZeroExitCode", details: details)))
    end
    result = run
    expect([result.exit_code, result.stdout, result.stderr, result.success?]).to eq([7, "outmore", "err", false])
    expect(result.inspect).not_to include("out")
  end

  it "answers a ping, and ends standard input as v5 says" do
    heard = Queue.new
    serve do |socket|
      socket.write([0x89, 4].pack("CC"), "ping")
      3.times { heard << WebSocketServer.read(socket) }
      socket.write(done)
    end
    expect(run(stdin: "hello")).to be_success
    expect(Array.new(3) { heard.pop }).to contain_exactly([0xa, "ping"], [2, "\0hello"], [2, "\xff\0".b])
  end

  {
    "a key that is not ours" => { "Sec-WebSocket-Accept" => "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" },
    "no key" => { "Sec-WebSocket-Accept" => nil },
    "another protocol" => { "Upgrade" => "MARKER" },
    "a version that was not offered" => { "Sec-WebSocket-Protocol" => "MARKER" },
    "an extension" => { "Sec-WebSocket-Extensions" => "MARKER" }
  }.each do |what, fields|
    it "refuses an opening with #{what}" do
      serve(fields) { |socket| socket.write(done) }
      expect { run }.to raise_error(GitlabKube::InvalidResponseError) { |e| expect(e.full_message).not_to include("MARKER") }
    end
  end

  it "says that v4 cannot end standard input" do
    serve(protocol: "v4.channel.k8s.io", &:read)
    expect { run(stdin: "a") }.to raise_error(GitlabKube::InvalidArgumentError, /v4/)
  end

  it "refuses a message over the limit when it is announced" do
    serve { |socket| socket.write([0x82, 127, 1 << 40].pack("CCQ>")) && socket.read }
    expect { run }.to raise_error(GitlabKube::MessageBytesLimitError) { |e| expect(e).to be_a(GitlabKube::LimitError) }
  end

  it "collects no more than it may" do
    serve { |socket| loop { socket.write(WebSocketServer.message(1, "x" * 1000)) } }
    expect { run(output_limit: 10_000) }.to raise_error(GitlabKube::DecodedBytesLimitError)
  end

  {
    "is cut" => "",
    "is closed with words" => WebSocketServer.close(1011, "MARKER"),
    "ends in the middle of a message" => "\x82\x7e\x01\x00\x01MARKER"
  }.each do |what, bytes|
    it "raises StreamCutError when the connection #{what} before the end was told" do
      serve { |socket| socket.write(bytes) && socket.close }
      expect { run }.to raise_error(GitlabKube::StreamCutError) { |e| expect(e.full_message).not_to include("MARKER") }
    end
  end

  {
    "text" => WebSocketServer.message(1, "MARKER", opcode: 1),
    "a message without a channel" => "\x82\x00",
    "a masked frame" => "\x82\x81aaaaM",
    "a Status that is none" => WebSocketServer.message(3, "MARKER")
  }.each do |what, bytes|
    it "raises InvalidResponseError for #{what}" do
      serve { |socket| socket.write(bytes) && socket.read }
      expect { run }.to raise_error(GitlabKube::InvalidResponseError) { |e| expect(e.full_message).not_to include("MARKER") }
    end
  end

  it "raises what the node says when it cannot run the command, without its words" do
    status = { status: "Failure", reason: "InternalError", message: "MARKER", code: 500 }
    serve { |socket| socket.write(WebSocketServer.message(3, JSON.generate(status))) }
    expect { run }.to raise_error(GitlabKube::ServerError) do |e|
      expect([e.reason, e.unsafe_server_message]).to eq(%w[InternalError MARKER])
      expect(e.full_message).not_to include("MARKER")
    end
  end

  it "asks a token provider again after a 401" do
    tokens = %w[old new]
    @server = KubeServer.start do |request|
      next KubeServer.json({}, status: 401) unless request.headers["authorization"] == "Bearer new"

      ->(socket) { WebSocketServer.shake(socket, request, "Sec-WebSocket-Protocol" => "v5.channel.k8s.io") { socket.write(done) } }
    end
    file = Tempfile.new("token").tap { |f| f.write(tokens.shift) && f.flush }
    GitlabKube.interceptor = lambda do |_request, &send|
      send.call.tap { |response| File.write(file.path, "new") if response.status == 401 }
    end
    expect(run(client: KubeServer.client(@server, auth_options: { bearer_token_file: file.path }))).to be_success
  end

  it "is one hop for an interceptor, which may look and let it go on" do
    hops = []
    GitlabKube.interceptor = lambda do |request, &send|
      send.call.tap { |response| hops << [request.verb, request.stream, response.status, response.read_body] }
    end
    serve { |socket| socket.write(done) }
    expect(run).to be_success
    expect(hops).to eq([[:get, true, 101, ""]])
  end

  it "takes a refusal from an interceptor, and nothing else" do
    serve
    answers = { 403 => GitlabKube::ForbiddenError, 200 => GitlabKube::InvalidResponseError, 101 => GitlabKube::InvalidResponseError }
    answers.each do |status, error|
      GitlabKube.interceptor = ->(_request) { GitlabKube::Interceptor::Response.new(status, {}, "{}") }
      expect { run }.to raise_error(error)
    end
    expect(@server.seen).to be_empty
  end

  it "refuses a blocked address, and names that leave their segment, before anything is sent" do
    serve { |socket| socket.write(done) }
    client = KubeServer.client(@server)
    expect { client.core_client.exec("../secrets/x", "shop", "id") }.to raise_error(GitlabKube::InvalidArgumentError)
    expect { client.core_client.exec("web", "shop", []) }.to raise_error(GitlabKube::InvalidArgumentError)
    expect { GitlabKube::KubeClient.new(@server.url).core_client.exec("web", "shop", "id") }.to raise_error(GitlabKube::BlockedUrlError)
    blocked = GitlabKube::KubeClient.new("http://rebinding.example.com")
    allow(Addrinfo).to receive(:getaddrinfo).and_return([Addrinfo.tcp("169.254.169.254", 80)])
    GitlabKube.interceptor = ->(_request, &send) { send.call }
    expect { blocked.core_client.exec("web", "shop", "id") }.to raise_error(ArgumentError, /is blocked/)
    expect(@server.seen).to be_empty
  end

  # Unchecked: RBS::Test runs through an Enumerator to check it, and this one does not end.
  it "closes the socket with the block, whatever has come", unchecked: true do
    gone = Queue.new
    serve { |socket| socket.write(WebSocketServer.message(1, "up")) && gone.push(socket.read) }
    expect(run { |session| session.each_output.first }).to eq([:stdout, "up"])
    expect(Timeout.timeout(10) { gone.pop }).to eq("")
  end

  it "ends with Timeout, and closes the socket" do
    gone = Queue.new
    serve { |socket| gone << socket.read }
    time_out_asking(@server) { run(stdin: Class.new { def read(_length) = sleep }.new) }
    expect(Timeout.timeout(10) { gone.pop }).to eq("")
  end

  it "raises what reading the input raises" do
    serve(&:read)
    broken = Class.new { def read(_length) = raise(IOError, "the disk is gone") }.new
    expect { run(stdin: broken) }.to raise_error(IOError, "the disk is gone")
  end

  # Unchecked: RBS::Test runs through an Enumerator to check it, and there would be nothing left of this one.
  it "belongs to the process that opened it: a child neither uses nor closes it", unchecked: true do
    serve do |socket|
      socket.write(WebSocketServer.message(1, socket.read(1) && "still here"), done)
    end
    run(stdin: true) do |session|
      pid = fork do
        error = begin
          session.write("a")
        rescue GitlabKube::CancelledError => e
          e
        end
        session.close
        exit!(error ? 0 : 1)
      end
      expect(Process.wait2(pid).last.exitstatus).to eq(0)
      session.write("b")
      expect(session.each_output.to_a).to eq([[:stdout, "still here"]])
    end
  end

  it "reads from a forwarded port what is asked for, and else no more than it collects" do
    serve(protocol: "v4.channel.k8s.io") do |socket|
      socket.write(*prefixes, WebSocketServer.message(0, "+PONG"), WebSocketServer.message(0, "\r\n"))
      loop { socket.write(WebSocketServer.message(0, "x" * 60_000)) }
    end
    connection = KubeServer.client(@server).core_client.port_forward("web", "shop", 6379)
    expect([connection.read(4), connection.readpartial(100), connection.read(2)]).to eq(["+PON", "G", "\r\n"])
    expect { connection.read }.to raise_error(GitlabKube::DecodedBytesLimitError)
    connection.close
    expect { connection.write("a") }.to raise_error(GitlabKube::CancelledError)
  end

  it "forwards the errors of a port as one, without its words" do
    errors = [[80].pack("v"), "MARKER"].map { |text| WebSocketServer.message(1, text) }
    serve(protocol: "v4.channel.k8s.io") { |socket| socket.write(*errors) }
    expect { KubeServer.client(@server).core_client.port_forward("web", "shop", 80, &:read) }
      .to raise_error(GitlabKube::ConnectionRefusedError) { |e| expect(e.full_message).not_to include("MARKER") }
    expect(@server.seen.last.path).to eq("/api/v1/namespaces/shop/pods/web/portforward?ports=80")
  end

  # A process of its own, because it has no descriptor left for a while.
  it "serves a local program that connected while there was no descriptor for it" do
    program = <<~RUBY
      require "gitlab_kube"
      forward = GitlabKube::LocalPortForward.new(0, -> { raise GitlabKube::ConnectionRefusedError.new(nil, "nobody listens") })
      local = Socket.new(:INET, :STREAM)
      soft, hard = Process.getrlimit(:NOFILE)
      Process.setrlimit(:NOFILE, 3, hard)
      local.connect(Socket.sockaddr_in(forward.port, "127.0.0.1"))
      sleep 0.3
      Process.setrlimit(:NOFILE, soft, hard)
      begin
        Timeout.timeout(10) { local.read }
      rescue Errno::ECONNRESET
        print "served"
      end
    RUBY
    lib = File.expand_path("../../lib", __dir__)
    expect(IO.popen([RbConfig.ruby, "-I", lib, "-r", "timeout", "-e", program], &:read)).to eq("served")
  end

  describe "a forwarded port that ends" do
    let(:connected) { Queue.new }

    # It says something, and then this, but not before its reader is there: what a socket is told of a reset while `TCPSocket.open` asks
    # whether it is connected, nobody hears.
    def forward(ending, **options, &block)
      serve(protocol: "v4.channel.k8s.io") do |socket|
        socket.write(*prefixes, WebSocketServer.message(0, "said"))
        connected.pop
        socket.write(ending)
        socket.close_write
        socket.read
      end
      KubeServer.client(@server).core_client.port_forward("web", "shop", 6379, **options, &block)
    end

    def all_of(socket)
      connected << true
      socket.read
    end

    def directly(ending)
      forward(ending) { |port| all_of(port) }
    end

    def through_a_local_port(ending)
      forward(ending, local_port: 0) { |local| TCPSocket.open("127.0.0.1", local.port) { |program| all_of(program) } }
    end

    { "code 1000" => WebSocketServer.close(1000, "MARKER"), "no code" => "\x88\x00" }.each do |what, close|
      it "has said all of it when its close has #{what}" do
        expect([directly(close), through_a_local_port(close)]).to eq(%w[said said])
      end
    end

    { "closed with code 1001" => WebSocketServer.close(1001, "MARKER"), "closed with code 1011" => WebSocketServer.close(1011, "MARKER"),
      "cut within a message" => "\x82\x7e\x01\x00\x01MARKER" }.each do |what, ending|
      it "may have had more to say when it is #{what}" do
        expect { directly(ending) }
          .to raise_error(GitlabKube::StreamCutError) { |e| expect(e.full_message).not_to include("MARKER") }
        expect { through_a_local_port(ending) }.to raise_error(Errno::ECONNRESET)
      end
    end
  end
end
