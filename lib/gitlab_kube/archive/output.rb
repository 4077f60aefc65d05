# frozen_string_literal: true

require_relative "../ahead"

module GitlabKube
  # Tar archives that come from a container, or go to one.
  # @api private
  module Archive
    # The standard output of a session, to be read by a tar reader.
    class Output
      # @return [Integer] bytes read
      attr_reader :pos

      # @param session [ExecSession]
      def initialize(session)
        @session = session
        @ahead = Ahead.new
        @pos = 0
      end

      # @return [String] that many bytes
      # @raise [EOFError] when there are fewer
      def read(length)
        fill while @ahead.bytesize < length && !@ended
        raise EOFError, "the archive ends in the middle" if @ahead.bytesize < length

        @ahead.take(length).tap { |bytes| @pos += bytes.bytesize }
      end

      # @return [Boolean]
      def eof?
        fill while @ahead.empty? && !@ended
        @ahead.empty?
      end

      # Reads on, so that the command can end.
      # @return [void]
      def drain
        @ahead.clear while fill
      end

      private

      def fill
        name, bytes = @session.next_output
        return (@ended = true) && nil unless name

        name == :stdout ? @ahead << bytes : @ahead
      end
    end
  end
end
