# frozen_string_literal: true

# Starting: a process with the gem loaded, and with its first call answered, and the first call of a forked worker
require_relative "support/contest"
require_relative "support/result"
require_relative "support/server"

server = Bench::Server.new
report = Bench::Report.new("starting")
arguments = [server.url, server.ca_file]
ruby = ->(script) { [RbConfig.ruby, "-Ilib", "-e", script, *arguments] }
kubeclient = <<~'RUBY'
  require "kubeclient"
  store = OpenSSL::X509::Store.new.tap { |fresh| fresh.add_file(ARGV[1]) }
  Kubeclient::Client.new(ARGV[0], "v1", ssl_options: { cert_store: store })
RUBY
native = <<~'RUBY'
  require "gitlab_kube"
  GitlabKube::KubeClient.for_operator(ARGV[0], ssl_options: { ca: File.read(ARGV[1]) })
RUBY
programs = {
  "ruby, nothing" => ruby.call(""),
  "native, loaded" => ruby.call('require "gitlab_kube"'),
  "kubeclient, loaded" => ruby.call('require "kubeclient"'),
  "native, first call answered" => ruby.call("#{native.chomp}.get_pods(namespace: 'n1')"),
  "kubeclient, first call answered" => ruby.call("#{kubeclient.chomp}.get_pods(namespace: 'n1')"),
  "client-go, first call answered" => server.client_go("typed", "n1")
}.select { |name, _| Bench::Contest::PEERS.match?(name) }

# From spawning to the end of the process; client-go is told once to do its work.
once = lambda do |command|
  seconds = Bench.seconds do
    IO.popen(command, "r+") do |pipe|
      pipe.puts("go")
      pipe.close_write
      pipe.read
    end
  end
  Process.last_status.success? ? { seconds: seconds } : raise("#{command.first} failed")
end
rounds = Array.new(15) { programs.transform_values { |command| once.call(command) } }
results = programs.to_h { |name, _| [name, Bench::Result.new(rounds.map { |round| round.fetch(name) })] }
results.each { |name, result| report.note("#{name}, min/median", result.to_s) }
answered = ["kubeclient, first call answered", "native, first call answered"]
report.ratio("process start and first call: kubeclient over native", results, *answered)

# As Puma does: the application is loaded and has called, then forks; the child's first call has no connection to use.
client = server.native
client.get_pod("x", "n1")
children = Array.new(15) do
  reading, writing = IO.pipe
  pid = fork do
    first = Bench.seconds { client.get_pod("x", "n1") }
    writing.puts([first, Bench.seconds { client.get_pod("x", "n1") }].join(" "))
    exit!
  end
  Process.wait(pid)
  reading.gets.split.map { |seconds| Float(seconds) * 1000 }
end
first, second = children.transpose.map { |ms| format("%.2f/%.2f", ms.min, Bench.median(ms)) }
report.note("a forked child's first GET, ms min/median", first)
report.note("its second", second)
report.save
