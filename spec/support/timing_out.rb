# frozen_string_literal: true

require "timeout"

# A `Timeout` that comes while a server is being asked, on however slow a machine.
module TimingOut
  # One that came before the request was there is a timeout too, but the next one has twice the time.
  # @param server [HttpServer]
  def time_out_asking(server, seconds = 0.2, &call)
    before = server.seen.size
    loop do
      expect { Timeout.timeout(seconds, &call) }.to raise_error(Timeout::Error)
      break if server.seen.size > before

      seconds *= 2
    end
  end
end
