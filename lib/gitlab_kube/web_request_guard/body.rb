# frozen_string_literal: true

require_relative "place"

module GitlabKube
  class WebRequestGuard
    # A response body that ends its request's mark when the server closes it; otherwise the body it wraps.
    # @api private
    class Body
      def initialize(body, mark)
        @body = body
        @mark = mark
        @closed = false
      end

      # Closes the body, then the mark: a body's own `close` is part of the request.
      # @return [void]
      def close
        return if @closed

        @closed = true
        begin
          @body.close if @body.respond_to?(:close)
        ensure
          Place.leave(@mark)
        end
      end

      # A server that takes the parts as an Array closes nothing afterwards (Rack 3: to_ary closes).
      # @return [Array<String>]
      def to_ary
        @body.to_ary
      ensure
        close
      end

      # @return [Boolean]
      def respond_to?(name, *all)
        name == :to_ary ? @body.respond_to?(:to_ary) : super
      end

      private

      def respond_to_missing?(name, include_all = false)
        @body.respond_to?(name, include_all)
      end

      def method_missing(name, *args, &block)
        @body.respond_to?(name) ? @body.public_send(name, *args, &block) : super
      end
      ruby2_keywords(:method_missing)
    end
  end
end
