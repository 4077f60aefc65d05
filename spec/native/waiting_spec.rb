# frozen_string_literal: true

require "English"
require "gitlab_kube"
require "timeout"
require_relative "../support/kube_server"
require_relative "../support/timing_out"

RSpec.describe "Waiting" do
  include TimingOut

  let(:asked) { Queue.new }
  let(:closed) { Queue.new }
  let(:server) do
    KubeServer.start do
      lambda do |socket|
        asked << true
        socket.read(1) # until the client goes
        closed << true
      end
    end
  end
  let(:client) { KubeServer.client(server, timeouts: { open: nil, read: nil, total: nil }) }

  before { client.core_client.discover }
  after { server.stop }

  def hang
    client.get_pod("a", "web")
  end

  # A thread that waits for the server, which has its request.
  def hanging
    Thread.new { hang }.tap do |thread|
      thread.report_on_exception = false
      asked.pop
    end
  end

  def closed?
    Timeout.timeout(30) { closed.pop }
  end

  it "ends with Thread#kill, and closes the socket" do
    thread = hanging.kill
    expect(thread.join(30)).to eq(thread)
    expect(closed?).to be(true)
  end

  it "ends with Timeout, and closes the socket" do
    time_out_asking(server) { hang }
    expect(closed?).to be(true)
  end

  it "ends with an exception raised from another thread" do
    thread = hanging
    thread.raise(IOError, "enough")
    expect { thread.value }.to raise_error(IOError, "enough")
    expect(closed?).to be(true)
  end

  # The only thread: Ruby then has a way of its own to raise (rb_nogvl), and the stream must not be left waited for.
  it "ends with Ctrl-C in a program of one thread, which goes on with the same stream and closes it" do
    log = KubeServer.start do |request|
      next KubeServer.json({ major: "1" }) if request.path == "/version"

      lambda do |socket|
        socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none\n\r\n")
        socket.read(1)
      end
    end
    program = <<~RUBY
      require "gitlab_kube"
      client = GitlabKube::KubeClient.for_operator(ARGV.first)
      lines = client.watch_pod_log("a", "web")
      begin
        lines.each { |line| $stdout.puts(line).then { $stdout.flush } }
      rescue Interrupt
        lines.finish
        GC.start
        puts client.server_version["major"]
      end
    RUBY
    IO.popen([RbConfig.ruby, "-I", File.expand_path("../../lib", __dir__), "-e", program, log.url]) do |output|
      expect(output.gets).to eq("one\n")
      Process.kill("INT", output.pid)
      expect(output.gets).to eq("1\n")
    end
  ensure
    log.stop
  end

  # Ruby would start one for each wait that only another thread can end, and join it (rb_nogvl): half of the time of a small call.
  it "starts no thread for a call in a program of one thread" do
    quick = KubeServer.start { KubeServer.json({ major: "1" }) }
    program = <<~RUBY
      require "gitlab_kube"
      client = GitlabKube::KubeClient.for_operator(ARGV.first)
      started = 0
      TracePoint.new(:thread_begin) { started += 1 }.enable { 5.times { client.server_version } }
      puts started
    RUBY
    lib = File.expand_path("../../lib", __dir__)
    expect(IO.popen([RbConfig.ruby, "-I", lib, "-e", program, quick.url], &:read)).to eq("0\n")
  ensure
    quick.stop
  end

  # A trap runs in the main thread, which is the one that waits.
  it "goes on when a trapped signal did not raise" do
    trapped = Queue.new
    previous = trap("USR1") { trapped << true }
    answering = KubeServer.start do
      Process.kill("USR1", Process.pid)
      trapped.pop && KubeServer.json({ metadata: { name: "a" } })
    end
    expect(KubeServer.client(answering).get_pod("a", "web").metadata.name).to eq("a")
    expect(answering.seen.map(&:path)).to eq(%w[/api/v1 /api/v1/namespaces/web/pods/a])
  ensure
    trap("USR1", previous || "DEFAULT")
    answering&.stop
  end

  # A process of its own: this one has threads that wait in Ruby, and they would hear the signal for the main thread.
  it "hears Ctrl-C when every thread of the process is in a call" do
    script = <<~'RUBY'
      require "gitlab_kube"
      client = GitlabKube::KubeClient.for_operator(ARGV.first, timeouts: { open: nil, read: nil, total: nil })
      client.core_client.discover
      Array.new(2) { Thread.new { client.get_pod("a", "web") } }
      client.get_pod("a", "web")
    RUBY
    process = IO.popen([RbConfig.ruby, "-I#{File.expand_path('../../lib', __dir__)}", "-e", script, server.url], err: File::NULL)
    3.times { asked.pop }
    Process.kill("INT", process.pid)
    Timeout.timeout(30) { process.read }
    process.close
    expect($CHILD_STATUS.termsig).to eq(Signal.list["INT"])
  ensure
    Process.kill("KILL", process.pid) unless process.closed?
  end

  it "lets other threads run" do
    thread = hanging
    count = 0
    100.times { count += 1 and sleep 0.001 }
    expect(count).to eq(100)
    thread.kill.join
  end

  it "defers what Thread.handle_interrupt defers until the call is over" do
    raised = Queue.new
    answering = KubeServer.start do
      asked << true
      raised.pop && KubeServer.json({ metadata: { name: "a" } })
    end
    result = nil
    thread = Thread.new do
      Thread.handle_interrupt(RuntimeError => :never) { result = KubeServer.client(answering).get_pod("a", "web").metadata.name }
    end
    thread.report_on_exception = false
    asked.pop
    thread.raise("later")
    raised << true
    expect { thread.value }.to raise_error(RuntimeError, "later")
    expect(result).to eq("a")
  ensure
    answering&.stop
  end

  # It came while Ruby code ran that blocks nowhere: nobody wakes the call for it.
  it "ends with what Thread.handle_interrupt has put off until something blocks" do
    ready = Queue.new
    thread = Thread.new do
      Thread.handle_interrupt(IOError => :on_blocking) do
        ready << true
        nil until Thread.pending_interrupt?
        client.core_client.raw(:get, "/hangs")
      end
    end
    thread.report_on_exception = false
    ready.pop
    thread.raise(IOError, "enough")
    expect { Timeout.timeout(30) { thread.value } }.to raise_error(IOError, "enough")
  ensure
    thread.kill
  end

  # Ruby code is where an exception can come: in the middle of our own it would be lost (magnus panics).
  it "looks up no class of ours once a program runs" do
    stream = KubeServer.start do |request|
      next KubeServer.json({ kind: "PodList", items: [{ metadata: { name: "a" } }] }) unless request.path.include?("watch")

      [200, {}, "#{JSON.generate(type: 'ADDED', object: { metadata: { name: 'a' } })}\n"]
    end
    script = <<~'RUBY'
      require "gitlab_kube"
      looked_up = []
      TracePoint.new(:c_call) { |call| looked_up << 1 if call.method_id == :const_get && call.self.equal?(Object) }.enable
      client = GitlabKube::KubeClient.for_operator(ARGV.first)
      names = client.get_pods.map { |pod| pod.metadata.name } + client.watch_pods.map { |notice| notice.object.metadata.name }
      GitlabKube::Native::Store.new(1024)
      print names.join(" "), " ", looked_up.size
    RUBY
    printed = IO.popen([RbConfig.ruby, "-I#{File.expand_path('../../lib', __dir__)}", "-e", script, stream.url], &:read)
    expect(printed).to eq("a a 0")
  ensure
    stream&.stop
  end
end
