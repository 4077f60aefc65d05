# frozen_string_literal: true

require "securerandom"

module GitlabKube
  module ReactiveCaching
    # The alive mark: one life of a key, from the reader who found it cold until nobody reads it or it is cleared.
    #
    # A value names the life it was computed in and is read in no other. So a refresh that was under way when the cache was
    # cleared cannot bring its value back, without any order between the stores' operations.
    # @api private
    class Life
      FORMAT = "\x11".b.freeze
      LAYOUT = "a1a8Q>"
      BYTES = 17

      # @return [Life] a new one, born now
      def self.born
        new([FORMAT, SecureRandom.random_bytes(8), (Time.now.to_f * 1_000_000).to_i].pack(LAYOUT))
      end

      # @return [Life, nil] nil for what is not a life, or is one of another version
      def self.parse(bytes)
        new(bytes) if bytes && bytes.bytesize == BYTES && bytes.start_with?(FORMAT)
      end

      # @return [String] the mark itself
      attr_reader :bytes

      def initialize(bytes)
        @bytes = bytes
      end

      # @return [String] eight random bytes
      def id
        bytes.byteslice(1, 8)
      end

      # @return [Float] when it began, in seconds since the epoch
      def born_at
        bytes.unpack1("Q>", offset: 9) / 1_000_000.0
      end
    end
  end
end
