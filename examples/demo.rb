# frozen_string_literal: true

# The main job on a real cluster, inside a real Sidekiq process: bin/demo, or KUBECONFIG=… bin/demo. `--inline` needs no Redis.
require "json"
require "optparse"
require "rbconfig"
require "socket"
require "tmpdir"
require "fileutils"
require_relative "demo_job"

# Starts what is needed, runs the job, prints a table.
class Demo
  def initialize(arguments)
    @pods = 5000
    OptionParser.new do |options|
      options.on("--inline", "run the job in this process, without Redis and Sidekiq") { @inline = true }
      options.on("--pods N", Integer, "how many pods to list (5000)") { |pods| @pods = pods }
    end.parse!(arguments)
    @dir = Dir.mktmpdir("gitlab_kube-demo")
    @children = []
  end

  def run
    kubeconfig = ENV["KUBECONFIG"] || start_cluster
    output = File.join(@dir, "output")
    FileUtils.touch(output)
    @inline ? Thread.new { DemoJob.new.perform(kubeconfig, output, @pods) } : enqueue(kubeconfig, output)
    exit(follow(output) ? 0 : 1)
  ensure
    @children.reverse_each { |child| stop(child) }
    FileUtils.rm_rf(@dir)
  end

  private

  def start_cluster
    require_relative "../spec/support/test_cluster"
    puts "Starting a Kubernetes control plane …"
    @cluster = TestCluster.start
    @children << @cluster
    @cluster.kubeconfig
  end

  def enqueue(kubeconfig, output)
    port = TCPServer.open("127.0.0.1", 0) { |socket| socket.addr[1] }
    url = "redis://127.0.0.1:#{port}/0"
    @children << spawn("redis-server", "--port", port.to_s, "--bind", "127.0.0.1", "--save", "", "--dir", @dir, out: log("redis"))
    @children << sidekiq(url)
    Redis.silence_deprecations = true if defined?(Redis) && Redis.respond_to?(:silence_deprecations=) # of Sidekiq 6 with redis 4.8
    Sidekiq.configure_client { |config| config.redis = { url: url } }
    push(kubeconfig, output)
  end

  def sidekiq(url)
    environment = { "REDIS_URL" => url, "RUBYLIB" => $LOAD_PATH.join(File::PATH_SEPARATOR) }
    command = [RbConfig.ruby, "-S", "sidekiq", "-c", "2", "-r", File.join(__dir__, "demo_job.rb")]
    @worker = spawn(environment, *command, out: log("sidekiq"), err: log("sidekiq"))
  end

  def push(kubeconfig, output, tries = 100)
    DemoJob.perform_async(kubeconfig, output, @pods)
  rescue StandardError
    raise if tries.zero?

    sleep 0.05
    push(kubeconfig, output, tries - 1)
  end

  # Prints each line as it comes; true if nothing failed.
  def follow(output)
    File.open(output) do |file|
      failed = false
      loop do
        line = file.gets or next wait_for_more
        fact = JSON.parse(line)
        return !failed if fact["done"]

        failed ||= fact.key?("failed")
        puts show(fact)
      end
    end
  end

  def wait_for_more
    sleep 0.02
    return unless @worker && Process.wait(@worker, Process::WNOHANG)

    abort "Sidekiq ended:\n#{File.read(File.join(@dir, 'sidekiq.log'))}"
  end

  def show(fact)
    return "#{' ' * 37}| #{fact['log']}" if fact["log"]

    time = fact["ms"] ? "#{fact['ms']} ms" : fact["failed"]
    format("%-24s %11s  %s", fact["step"], time, fact["result"])
  end

  def log(name)
    [File.join(@dir, "#{name}.log"), "a"]
  end

  def stop(child)
    return child.stop if child.respond_to?(:stop)

    Process.kill("TERM", child)
    Process.wait(child)
  rescue Errno::ESRCH, Errno::ECHILD
    nil
  end
end

$stdout.sync = true
Demo.new(ARGV).run if $PROGRAM_NAME == __FILE__
