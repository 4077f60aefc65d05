# frozen_string_literal: true

module GitlabKube
  # Time that only goes forward, whatever is done to the machine's clock: for deadlines and durations.
  # @api private
  module Clock
    module_function

    # @return [Float] seconds
    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end
  end
end
