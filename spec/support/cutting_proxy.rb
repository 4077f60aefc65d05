# frozen_string_literal: true

require "socket"
require_relative "held_port"

# Passes TCP on, and is as bad a network as the spec wants: cuts what is open, or lets nobody through for a while.
class CuttingProxy
  attr_reader :port, :cuts, :accepted

  # @param target [Integer] the port it passes on to
  def initialize(target)
    @target = target
    @cuts = 0
    @accepted = 0
    @pairs = []
    @lock = Mutex.new
    @held = HeldPort.new # nobody else is given it while the proxy is away
    @port = @held.number
    listen
  end

  # Cuts every connection, with an end or with a reset.
  # @return [Integer] how many there were
  def cut(reset: false)
    pairs = @lock.synchronize { @pairs.tap { @pairs = [] } }
    pairs.flatten.each do |socket|
      socket.setsockopt(Socket::SOL_SOCKET, Socket::SO_LINGER, [1, 0].pack("ii")) if reset
      socket.close
    rescue IOError, SystemCallError
      nil # its other end was faster
    end
    @cuts += pairs.size
    pairs.size
  end

  # Nobody listens while the block runs, and what was open is cut.
  def away
    leave
    yield
  ensure
    listen
  end

  def stop
    leave
    @held.close
  end

  private

  def leave
    @accepting.kill.join
    @server.close
    cut
  end

  def listen
    @server = TCPServer.new("127.0.0.1", @port)
    @accepting = Thread.new { loop { pass(@server.accept) } }
  end

  def pass(client)
    pair = [client, TCPSocket.new("127.0.0.1", @target)]
    @lock.synchronize { @pairs << pair }
    @accepted += 1
    pair.permutation.each { |from, to| Thread.new { copy(from, to) } }
  rescue SystemCallError
    client.close # there is no server just now
  end

  def copy(from, to)
    loop { to.write(from.readpartial(65_536)) }
  rescue IOError, SystemCallError
    [from, to].each { |socket| socket.close unless socket.closed? }
    @lock.synchronize { @pairs.delete_if { |pair| pair.include?(from) } }
  end
end
