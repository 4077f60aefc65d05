# frozen_string_literal: true

module Bench
  # What a process and a server have used since this was made, seen from outside.
  class Meter
    # @param pid [Integer]
    # @param server [Server, nil]
    def initialize(pid, server = nil)
      @pid = pid
      @server = server
      File.write("/proc/#{pid}/clear_refs", "5") # the kernel forgets the highest memory: proc(5)
      @rss = memory("VmRSS")
      @cpu = cpu
      @bytes = server&.sent
    end

    # @return [Hash{Symbol => Numeric}] cpu seconds; bytes of memory at the highest point above the beginning; bytes from the server
    def read
      { cpu: cpu - @cpu, peak: memory("VmHWM") - @rss, bytes: @bytes && (@server.sent - @bytes) }
    end

    private

    # The clock of a process, as clock_getcpuclockid(3) makes its number in Linux: all threads, those that have ended too.
    def cpu
      Process.clock_gettime((~@pid << 3) | 2)
    end

    def memory(name)
      File.read("/proc/#{@pid}/status")[/#{name}:\s+(\d+)/, 1].to_i * 1024
    end
  end
end
