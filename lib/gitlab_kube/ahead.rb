# frozen_string_literal: true

module GitlabKube
  # Bytes that have come and nobody has read yet. A read costs what it gives, however much is left: String#slice! would copy that each time.
  # @api private
  class Ahead
    def initialize
      @bytes = String.new(encoding: Encoding::BINARY)
      @read = 0
    end

    # @param bytes [String]
    # @return [Ahead] itself
    def <<(bytes)
      @bytes = @bytes.byteslice(@read..) if @read.positive?
      @read = 0
      @bytes << bytes
      self
    end

    # @param length [Integer]
    # @return [String] as many bytes, or all there are
    def take(length)
      @bytes.byteslice(@read, length).tap { |taken| @read += taken.bytesize }
    end

    # @return [Integer]
    def bytesize
      @bytes.bytesize - @read
    end

    # @return [Boolean]
    def empty?
      bytesize.zero?
    end

    # @return [void]
    def clear
      @bytes.clear
      @read = 0
    end
  end
end
