# frozen_string_literal: true

require "socket"

# A loopback port that is bound and never listening: the kernel refuses who calls, and gives the port to nobody but who names it.
class HeldPort
  # @return [Integer]
  attr_reader :number

  # @yieldparam number [Integer]
  def self.open
    port = new
    yield port.number
  ensure
    port&.close
  end

  def initialize
    @socket = Addrinfo.tcp("127.0.0.1", 0).bind
    @number = @socket.local_address.ip_port
  end

  def close
    @socket.close
  end
end
