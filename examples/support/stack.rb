# frozen_string_literal: true

# Redis, Sidekiq and Puma as processes of their own, on free loopback ports, until they are stopped.
require "fileutils"
require "rbconfig"
require "socket"
require "tmpdir"

# Starts what it is asked to start, and stops it in the other order.
class Stack
  QUEUES = %w[default external_service_reactive_caching].flat_map { |queue| ["-q", queue] }.freeze

  # @return [String] a directory that goes with the stack
  attr_reader :dir

  def initialize
    @dir = Dir.mktmpdir("gitlab_kube")
    @environment = { "RUBYLIB" => $LOAD_PATH.join(File::PATH_SEPARATOR) }
    @children = {}
    @held = []
  end

  # @return [String] its URL
  def redis
    port = free_port
    start("redis", "redis-server", "--port", port.to_s, "--bind", "127.0.0.1", "--save", "", "--dir", dir)
    wait_for("redis", port)
    @environment["REDIS_URL"] = "redis://127.0.0.1:#{port}/0"
  end

  # @param program [String] what defines the jobs
  def sidekiq(program)
    start("sidekiq", RbConfig.ruby, "-S", "sidekiq", "-c", "2", *QUEUES, "-r", program)
  end

  # @param config [String] a config.ru
  # @return [String] its URL
  def puma(config, port: free_port)
    start("puma", RbConfig.ruby, "-S", "puma", "--bind", "tcp://127.0.0.1:#{port}", "--threads", "1:4", config)
    wait_for("puma", port)
    "http://127.0.0.1:#{port}/"
  end

  # Ends the program when one of them has ended by itself, with what it said.
  def check
    ended = @children.find { |_, pid| Process.wait(pid, Process::WNOHANG) } or return
    @children.delete(ended.first)
    abort "#{ended.first} ended:\n#{File.read(log(ended.first))}"
  end

  def stop
    @children.values.reverse_each { |pid| finish(pid) }
    @held.each(&:close)
    FileUtils.rm_rf(dir)
  end

  private

  # Asks, and after five seconds does not: Puma on Ruby 3.3 sometimes waits much longer for a socket of its own to close.
  def finish(pid)
    Process.kill("TERM", pid)
    100.times { Process.wait(pid, Process::WNOHANG) ? return : sleep(0.05) }
    Process.kill("KILL", pid)
    Process.wait(pid)
  end

  # A process group of its own: Ctrl-C is for the program, which stops them in order.
  def start(name, *command)
    @children[name] = spawn(@environment, *command, out: [log(name), "a"], err: [log(name), "a"], pgroup: true)
  end

  def log(name)
    File.join(dir, "#{name}.log")
  end

  def wait_for(name, port, tries = 1200)
    TCPSocket.open("127.0.0.1", port).close
  rescue Errno::ECONNREFUSED
    check
    abort "#{name} did not start:\n#{File.read(log(name))}" if (tries -= 1).zero?
    sleep 0.05
    retry
  end

  # Bound here, where nobody listens: nobody else is given it before the child has it.
  def free_port
    @held << Addrinfo.tcp("127.0.0.1", 0).bind
    @held.last.local_address.ip_port
  end
end
