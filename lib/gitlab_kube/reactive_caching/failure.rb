# frozen_string_literal: true

module GitlabKube
  module ReactiveCaching
    # Why the last refresh failed, in words that are safe to show: an HTTP code, or the name of a class, which a program wrote.
    #
    # @!attribute code
    #   @return [Integer, String]
    # @!attribute at
    #   @return [Float] seconds since the epoch
    # @!attribute times
    #   @return [Integer] failures since the last value
    # @!attribute retry_at
    #   @return [Float] when it is tried again, in seconds since the epoch
    Failure = Struct.new(:code, :at, :times, :retry_at) do
      # @api private
      # @return [Integer, String] never the error's message: a server may have written that
      def self.code_of(error)
        code = error.error_code if error.respond_to?(:error_code)
        code.is_a?(Integer) ? code : error.class.name.to_s
      end

      # @api private
      # @return [Failure, nil] nil for what this version cannot read, and for a failure of another life
      def self.parse(bytes, life)
        return unless bytes.is_a?(String) && bytes.bytesize >= self::HEADER && bytes.start_with?(self::FORMAT)

        _, of, at, times, retry_at, code = bytes.unpack(self::LAYOUT)
        return unless of == life.id

        new(code.match?(/\A\d+\z/) ? code.to_i : code.force_encoding(Encoding::UTF_8), at, times, retry_at)
      end

      # @api private
      # @return [String] what is stored
      def bytes(life)
        [self.class::FORMAT, life.id, at, times, retry_at, code.to_s].pack(self.class::LAYOUT)
      end
    end
    # The first byte of a stored failure, and what follows: every read of a value whose refresh fails takes it apart.
    # @api private
    Failure::FORMAT = "\x12".b.freeze
    # @api private
    Failure::LAYOUT = "a1a8GNGa*"
    # @api private
    Failure::HEADER = 29
  end
end
