# frozen_string_literal: true

require "json"

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
        return unless bytes.is_a?(String) && bytes.start_with?("#{self::FORMAT}#{life.id}")

        new(*JSON.parse(bytes.byteslice(9, bytes.bytesize)))
      rescue JSON::ParserError, ArgumentError
        nil
      end

      # @api private
      # @return [String] what is stored
      def bytes(life)
        self.class::FORMAT + life.id + JSON.generate(to_a).b
      end
    end
    Failure::FORMAT = "\x12".b.freeze
  end
end
