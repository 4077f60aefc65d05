# frozen_string_literal: true

# The page of a cluster's pods: Redis, Sidekiq and Puma until Ctrl-C, or until its standard input ends with --until-eof.
# KUBECONFIG=… ruby -Ilib examples/web/start.rb
require "fileutils"
require "rbconfig"
require "socket"
require "tmpdir"

# Starts the three and stops them.
class WebExample
  HERE = __dir__

  def initialize
    @dir = Dir.mktmpdir("gitlab_kube-web")
    @redis_port = free_port
    @web_port = Integer(ENV["PORT"] || free_port)
    @environment = { "REDIS_URL" => "redis://127.0.0.1:#{@redis_port}/0", "RUBYLIB" => $LOAD_PATH.first(1).join }
    @children = []
  end

  def run
    start("redis-server", "--port", @redis_port.to_s, "--bind", "127.0.0.1", "--save", "", "--dir", @dir)
    wait_for(@redis_port)
    start(RbConfig.ruby, "-S", "sidekiq", "-c", "2", "-q", "external_service_reactive_caching", "-r", "#{HERE}/cluster_pods.rb")
    start(RbConfig.ruby, "-S", "puma", "--bind", "tcp://127.0.0.1:#{@web_port}", "--threads", "1:4", "#{HERE}/config.ru")
    wait_for(@web_port)
    puts "http://127.0.0.1:#{@web_port}/"
    $stdout.flush
    ARGV.include?("--until-eof") ? $stdin.read : sleep
  rescue Interrupt
    nil
  ensure
    stop
  end

  private

  def start(*command)
    @children << spawn(@environment, *command, out: "#{@dir}/log", err: "#{@dir}/log", pgroup: true)
  end

  def stop
    @children.reverse_each do |pid|
      Process.kill("TERM", pid)
      Process.wait(pid)
    end
    FileUtils.rm_rf(@dir)
  end

  def wait_for(port, tries = 600)
    TCPSocket.open("127.0.0.1", port).close
  rescue Errno::ECONNREFUSED
    abort File.read("#{@dir}/log") if (tries -= 1).zero?
    sleep 0.05
    retry
  end

  def free_port
    TCPServer.open("127.0.0.1", 0) { |socket| socket.addr[1] }
  end
end

WebExample.new.run if $PROGRAM_NAME == __FILE__
