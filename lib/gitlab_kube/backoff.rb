# frozen_string_literal: true

module GitlabKube
  # How long to wait before the next try, and whether there is any sense in one. Pure: it counts, and never sleeps.
  # @api private
  class Backoff
    FIRST = 0.5 # seconds
    LONGEST = 30.0
    # What a server may ask for. It may say any number, and `sleep` refuses the largest.
    LONGEST_ASKED = 600.0

    # What passes by itself: the server was cut off, restarts, or asks for patience. Everything else is the same the next time.
    PASSING = [
      StreamCutError, TimeoutError, TooManyRequestsError, ServerError,
      ConnectionRefusedError, ConnectionResetError, HostUnreachableError, NameResolutionError
    ].freeze

    # @param random [#call] a Float from 0 up to 1
    def initialize(random: Kernel.method(:rand))
      @random = random
      @failures = 0
    end

    # The server has answered: the next failure is a first one.
    # @return [void]
    def reset
      @failures = 0
    end

    # Counts a failure. The wait doubles; a half of it is left to chance, so that the clients of a server that restarts do not all
    # come back at once. What the server asked for (`Retry-After`) is the least.
    # @param error [Exception, nil]
    # @return [Float] seconds
    def failed(error = nil)
      longest = [FIRST * (2**[@failures, 16].min), LONGEST].min
      @failures += 1
      asked = error.respond_to?(:retry_after) ? error.retry_after.to_f : 0.0
      [longest * (0.5 + (@random.call / 2)), [asked, LONGEST_ASKED].min].max
    end

    # What comes after the end of a watch.
    # @param error [Exception, nil] nil where the server ended it, as it does every half an hour or so
    # @return [Float, nil] seconds to wait; nil where waiting does not help
    def after(error)
      return @failures.zero? ? quiet : failed if error.nil?

      failed(error) if PASSING.any? { |passing| error.is_a?(passing) }
    end

    private

    # The first clean end costs no wait; a server that does nothing but end watches must not be asked in a circle.
    def quiet
      @failures = 1
      0.0
    end
  end
end
