# frozen_string_literal: true

require_relative "ahead"
require_relative "pod_input"

module GitlabKube
  # One connection to a port of a pod, to be read and written like a socket. One thread reads while another writes.
  #
  # There is no half-close: the kubelet's protocol has none. It belongs to the process that opened it.
  class ForwardedPort
    include PodInput

    # Bytes that {#read} collects when it is told no length.
    READ_LIMIT = 64 << 20

    # @param native [Native::Session]
    # @api private
    def initialize(native)
      @native = native
      @ahead = Ahead.new
    end

    # What has come, as soon as something has.
    # @param most [Integer] bytes
    # @return [String] binary
    # @raise [EOFError] when the pod closed the connection
    # @raise [ConnectionRefusedError] when nothing listens there
    # @raise [StreamCutError] when the connection ended otherwise: more may have been to come
    # @example
    #   connection.readpartial(4096)
    def readpartial(most)
      fill while @ahead.empty? && !@ended
      raise EOFError, "end of file reached" if @ahead.empty?

      @ahead.take(most)
    end

    # That many bytes, or all until the pod closes the connection, at most {READ_LIMIT}.
    # @param length [Integer, nil]
    # @return [String, nil] fewer at the end; nil when a length was given and nothing came
    # @raise [ConnectionRefusedError] when nothing listens there
    # @raise [StreamCutError] when the connection ended otherwise: more may have been to come
    # @raise [DecodedBytesLimitError] when no length was given and more came than is collected
    # @example
    #   connection.read(4)
    def read(length = nil)
      until @ended || (length && @ahead.bytesize >= length)
        fill
        within_limit unless length
      end
      return nil if length&.positive? && @ahead.empty?

      @ahead.take(length || @ahead.bytesize)
    end

    # @return [nil]
    # @raise nothing
    # @example
    #   connection.close
    def close
      @closed = true
      @native.close
    end

    # @return [Boolean]
    def closed?
      @closed ? true : false
    end

    private

    def fill
      _, bytes = @native.read
      bytes ? @ahead << bytes : @ended = true
    end

    def within_limit
      raise DecodedBytesLimitError.new(nil, "the pod sent more than is collected") if @ahead.bytesize > READ_LIMIT
    end
  end
end
