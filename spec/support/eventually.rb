# frozen_string_literal: true

# Waits for what other threads and processes do.
module Eventually
  # @return what the block returned, once that is true
  def eventually(seconds = 30)
    give_up = Process.clock_gettime(Process::CLOCK_MONOTONIC) + seconds
    loop do
      result = yield
      return result if result
      raise "still not so after #{seconds} s" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > give_up

      sleep 0.01
    end
  end
end
