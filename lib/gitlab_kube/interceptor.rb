# frozen_string_literal: true

require_relative "confidential"

# Seeing, and answering, each hop of each request.
module GitlabKube
  # Sees each hop of each request, in the thread that made the call: discovery, the request itself, its replay after a 401, the
  # opening of a watch or a log. WebMock, VCR and recorders sit here. Without one it costs a call a comparison with nil.
  #
  # An interceptor is anything with `call(request) { real_response }` that returns a {Response}. To yield is to send the request
  # for real. Whatever it raises comes out of the call unchanged, an Exception that is no StandardError too.
  #
  # @example a recorder
  #   GitlabKube.interceptor = lambda do |request, &send|
  #     response = send.call
  #     puts "#{request.verb} #{request.url} #{response.status}"
  #     response
  #   end
  module Interceptor
    # One hop: `verb` is :get, :post, …; `url` is absolute; `headers` hold Strings or Arrays of them; `body` is a String or nil; `stream`
    # says whether the answer may go on without an end (a watch, a log, a command).
    Request = Struct.new(:verb, :url, :headers, :body, :stream, keyword_init: true) do
      include Confidential

      # @return [String] no headers: they hold credentials
      def inspect
        "#<#{self.class} #{verb} #{stream ? 'stream ' : ''}(#{url.bytesize} bytes of URL)>"
      end
      alias_method :to_s, :inspect
    end

    # An answer. `body` is nil, a String, something with `each` that gives Strings, or what a real answer had.
    class Response
      # @return [Integer]
      attr_reader :status
      # @return [Hash]
      attr_reader :headers
      # @return [nil, String, #each, Native::Body]
      attr_reader :body
      # @return [String, nil]
      attr_reader :reason

      # @return [Array<#call>] who waits for the body of a stream
      # @api private
      attr_reader :listeners

      # @param status [Integer]
      # @param headers [Hash, nil]
      # @param body [nil, String, #each, Native::Body]
      # @param reason [String, nil] the words of the status line, for those who want them
      # @param stream [Boolean] whether the call reads a body that is still coming
      def initialize(status, headers = {}, body = nil, reason: nil, stream: false)
        @status = status
        @headers = headers || {}
        @body = body
        @reason = reason
        @stream = stream
        @listeners = []
      end

      # @return [Boolean] whether this came from the network and was not read yet
      def real?
        body.is_a?(Native::Body)
      end

      # Gives the block the whole body, once: of a real stream, when its reader has come to its end or leaves it; else at once.
      # @yieldparam body [String]
      # @return [void]
      # @example what a watch said, after it has ended
      #   response.when_read { |body| File.write("watch.txt", body) }
      def when_read(&listener)
        @stream && real? && (200..299).cover?(status) ? @listeners << listener : listener.call(read_body)
      end

      # The whole body, now. A real one is read, and kept so that the call can have it too: a watch waits until it has ended.
      # @return [String]
      def read_body
        return "" if status == 101 # a connection that left HTTP has none (RFC 9110 §15.2.2): exec, attach, port-forward

        @body = body.read if real?
        body.respond_to?(:each) ? body.each.to_a.join : body.to_s
      end

      # @api private
      # @return [nil, String, Array<String>, Native::Body]
      def for_core
        case body
        when nil, String, Native::Body then body
        else body.respond_to?(:read) ? body.read : body.each.map(&:to_s)
        end
      end

      # @return [String] no body
      def inspect
        "#<#{self.class} #{status}>"
      end
    end
  end

  class << self
    # @return [#call, nil] what sees each hop
    attr_accessor :interceptor
  end
end
