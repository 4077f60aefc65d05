# frozen_string_literal: true

require "gitlab_kube"
require "rbconfig"
require_relative "../support/kube_server"

RSpec.describe "Forking" do
  let(:server) { KubeServer.start { KubeServer.json({ items: [{ metadata: { name: "a" } }] }) } }
  let(:client) { KubeServer.client(server, timeouts: { open: 5, read: 5 }) }

  after { server.stop }

  # Exit status of a child that runs the block; nil if it hangs.
  def child(seconds: 20, &block)
    pid = fork do
      block.call
      exit!(0)
    rescue Exception # rubocop:disable Lint/RescueException -- a child of rspec must not go on with the suite
      exit!(1)
    end
    deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + seconds
    until (done = Process.wait2(pid, Process::WNOHANG))
      next sleep(0.005) if Process.clock_gettime(Process::CLOCK_MONOTONIC) < deadline

      Process.kill("KILL", pid)
      Process.wait(pid)
      return nil
    end
    done.last.exitstatus
  end

  it "gives a child connections of its own" do
    client.get_pods(namespace: "web")
    expect(child { client.get_pods(namespace: "web").first.metadata.name == "a" or exit!(2) }).to eq(0)
    expect(client.get_pods(namespace: "web").size).to eq(1)
    expect(server.connections).to eq(2)
  end

  it "lets a child read what the parent fetched" do
    pods = client.get_pods(namespace: "web")
    expect(child { pods.first.metadata.name == "a" or exit!(2) }).to eq(0)
  end

  it "lets no child hang while ten threads are in discovery, lists and DNS" do
    stop = false
    threads = Array.new(10) do |number|
      Thread.new do
        until stop
          case number % 3
          when 0 then client.core_client.discover
          when 1 then client.get_pods(namespace: "web")
          else
            begin
              GitlabKube::KubeClient.new("http://no-such-name.invalid", timeouts: { open: 1 }).get_pods
            rescue StandardError
              nil
            end
          end
        end
      end
    end
    statuses = Array.new(200) { child { client.get_pods(namespace: "web") } }
    expect(statuses.tally).to eq(0 => 200)
  ensure
    stop = true
    threads&.each(&:join)
  end

  it "tells a child that a stream is the parent's" do
    streaming = KubeServer.start { ->(socket) { socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n") && sleep } }
    stream = KubeServer.client(streaming).core_client.raw(:get, "/api/v1/pods?watch=true", want: :stream)
    status = child do
      stream.event(nil)
    rescue GitlabKube::CancelledError
      exit!(7)
    end
    expect(status).to eq(7)
    streaming.stop
  end

  it "exits without waiting for a server that never answers" do
    program = <<~RUBY
      require "gitlab_kube"
      require "socket"
      server = TCPServer.new("127.0.0.1", 0)
      client = GitlabKube::KubeClient.for_operator("http://127.0.0.1:\#{server.addr[1]}", timeouts: { open: nil, read: nil, total: nil })
      50.times { Thread.new { client.get_pods } }
      sleep 0.5
      $stdout.puts "ready"
      $stdout.flush
      exit
    RUBY
    output, status = run(program)
    expect(output).to eq("ready\n")
    expect(status).to be_success
  end

  def run(program)
    reader, writer = IO.pipe
    pid = spawn(RbConfig.ruby, "-I", File.expand_path("../../lib", __dir__), "-e", program, out: writer)
    writer.close
    output = reader.read
    waiter = Process.detach(pid)
    unless waiter.join(10)
      Process.kill("KILL", pid)
      raise "the program did not end"
    end
    [output, waiter.value]
  end
end
