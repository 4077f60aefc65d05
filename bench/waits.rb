# frozen_string_literal: true

# Waiting: threads wait side by side, and every wait ends at once when it is told to
require "socket"
require "tempfile"
require "timeout"
require_relative "support/report"
require_relative "support/server"

server = Bench::Server.new
report = Bench::Report.new("waits")
client = server.native
client.get_pod("x", "d5")

gets = lambda do |threads, seconds|
  ends = Bench.now + seconds
  Array.new(threads) { Thread.new { (1..).find { client.get_pod("x", "d5") && Bench.now > ends } } }.sum(&:value) / seconds
end
gets.call(25, 0.5)
ratios = Array.new(3) { [gets.call(1, 2), gets.call(25, 2)] }
report.note("GET/s against 5 ms, 1 thread and 25", ratios.map { |pair| pair.map(&:round) }.inspect)
report.bar("25 threads over one, GET/s", Bench.median(ratios.map { |one, many| many / one }), at_least: 15, unit: "×")

# How long after `stop` a thread that waits for a hanging server is done.
ending = lambda do |stop|
  thread = Thread.new do
    client.get_pods(namespace: "hang")
  rescue StandardError, Interrupt
    nil
  end
  sleep 0.3
  Bench.seconds { stop.call(thread) && thread.join }
end
report.bar("Thread#kill", Array.new(10) { ending.call(:kill.to_proc) }.max * 1000, at_most: 50, unit: " ms")
late = Array.new(5) do
  Bench.seconds do
    Timeout.timeout(0.3) { client.get_pods(namespace: "hang") }
  rescue Timeout::Error
    nil
  end - 0.3
end
report.bar("Timeout", late.max * 1000, at_most: 50, unit: " ms")

interrupted = Array.new(5) do
  sent = nil
  Thread.new { sleep(0.3) && (sent = Bench.now) && Process.kill("INT", Process.pid) }
  begin
    client.get_pods(namespace: "hang")
  rescue Interrupt
    Bench.now - sent
  end
end
report.bar("SIGINT", interrupted.max * 1000, at_most: 50, unit: " ms")

# A process of its own: 25 calls wait for a server and 25 for a resolver that never answers, then it says when it calls `exit`.
leaver = <<~'RUBY'
  require "gitlab_kube"
  server = GitlabKube::KubeClient.for_operator(ARGV[0], ssl_options: { ca: File.read(ARGV[1]) })
  server.get_pod("x", "n1")
  nowhere = GitlabKube::KubeClient.for_operator("https://server.bench.example")
  25.times { Thread.new { server.get_pods(namespace: "hang") } }
  25.times { Thread.new { nowhere.get_pods } }
  Thread.report_on_exception = false
  sleep 1
  puts Process.clock_gettime(Process::CLOCK_MONOTONIC)
  puts Thread.list.size
  exit
RUBY
silent = UDPSocket.new.tap { |socket| socket.bind("127.0.0.99", 53) } # a name server that takes every question
resolv = Tempfile.new("resolv").tap { |file| file.write("nameserver 127.0.0.99\noptions timeout:30\n") && file.flush }
mount = "mount --bind #{resolv.path} /etc/resolv.conf && exec \"$@\""
leaving = Array.new(5) do
  command = ["unshare", "--mount", "sh", "-c", mount, "sh", RbConfig.ruby, "-Ilib", "-e", leaver, server.url, server.ca_file]
  output = IO.popen(command, &:read).lines
  ended = Bench.now
  raise "not all calls were waiting" unless output[1].to_i == 51

  ended - output[0].to_f
end
report.bar("exit with 50 waiting calls", leaving.max * 1000, at_most: 200, unit: " ms")
raise "the resolver was not asked" unless silent.recvfrom_nonblock(512)

report.save
