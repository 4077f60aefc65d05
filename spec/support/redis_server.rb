# frozen_string_literal: true

require "redis"
require "tmpdir"
require_relative "held_port"

# A real Redis on a free loopback port, for as long as a block or an example group runs.
class RedisServer
  attr_reader :port

  def initialize(**options)
    @options = options
    @held = HeldPort.new # nobody else is given it before Redis has it, or while it is killed
    @port = @held.number
    @dir = Dir.mktmpdir
  end

  def url
    "redis://127.0.0.1:#{port}/0"
  end

  def start
    settings = { bind: "127.0.0.1", port: port, dir: @dir, save: "", appendonly: "no" }.merge(@options)
    @pid = spawn("redis-server", *settings.flat_map { |name, value| ["--#{name}", value.to_s] }, out: File::NULL, err: File::NULL)
    Timeout.timeout(20) { sleep 0.02 until answers? }
    self
  end

  def stop(signal = "TERM")
    Process.kill(signal, @pid)
    Process.wait(@pid)
    @pid = nil
  end

  def close
    stop if @pid
    @held.close
    FileUtils.rm_rf(@dir)
  end

  def client
    @client ||= Redis.new(url: url, reconnect_attempts: 0)
  end

  private

  def answers?
    client.ping == "PONG"
  rescue Redis::BaseConnectionError
    false
  end
end
