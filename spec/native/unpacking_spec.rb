# frozen_string_literal: true

require "English"
require "etc"
require "gitlab_kube"
require "rbconfig"
require "zlib"
require_relative "../support/eventually"
require_relative "../support/kube_server"

RSpec.describe "Unpacking in a thread of its own" do
  include Eventually

  pods = 80_000
  items = Array.new(pods) { |n| { metadata: { name: "pod-#{n}", uid: (n * 7919).to_s } } }
  packed = Zlib.gzip(JSON.generate(kind: "PodList", items: items))
  head = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: #{packed.bytesize}\r\n\r\n"

  # All of it, or all but the end.
  define_method(:server) do |end_at = packed.bytesize|
    KubeServer.start { ->(socket) { socket.write(head, packed.byteslice(0, end_at)) && (sleep if end_at < packed.bytesize) } }
  end

  # How many there are in this process.
  def unpacking
    Dir.glob("/proc/self/task/*/comm").count do |path|
      File.read(path) == "gitlab_unpack\n"
    rescue SystemCallError # it has ended
      false
    end
  end

  it "is over when the call is killed, though the server is silent" do
    silent = server(packed.bytesize - 100)
    listing = Thread.new { KubeServer.client(silent).get_pods }
    eventually { unpacking.positive? } if Etc.nprocessors > 1
    listing.kill.join
    eventually { unpacking.zero? }
  ensure
    silent&.stop
  end

  it "keeps no child from lists of its own" do
    silent = server(packed.bytesize - 100)
    healthy = server
    listing = Thread.new { KubeServer.client(silent).get_pods }
    eventually { unpacking.positive? } if Etc.nprocessors > 1
    client = KubeServer.client(healthy)
    pid = fork do
      exit!(2.times.all? { client.get_pods.size == pods })
    ensure
      exit!(1) # a child of rspec must not go on with the suite
    end
    expect(Process.wait2(pid).last).to be_success
  ensure
    listing&.kill&.join
    [silent, healthy].compact.each(&:stop)
  end

  it "keeps no process from its exit" do
    silent = server(packed.bytesize - 100)
    program = <<~RUBY
      require "gitlab_kube"
      client = GitlabKube::KubeClient.for_operator(ARGV.first, timeouts: { open: nil, read: nil, total: nil })
      Thread.new { client.get_pods }
      sleep 0.5
      puts "ready"
    RUBY
    lib = File.expand_path("../../lib", __dir__)
    expect(IO.popen([RbConfig.ruby, "-I", lib, "-e", program, silent.url], &:read)).to eq("ready\n")
    expect($CHILD_STATUS).to be_success
  ensure
    silent&.stop
  end
end
