# frozen_string_literal: true

# Opt-in: makes WebMock, and VCR on top of it, see every request of this gem. Needs the webmock gem, 3.18 or later.
require "net/http"
require "webmock"
require_relative "../gitlab_kube"

module GitlabKube
  # What WebMock asks of an HTTP library: a class it can switch on and off.
  #
  # @example in spec_helper.rb
  #   require "webmock/rspec"
  #   require "gitlab_kube/webmock"
  class WebMockAdapter < ::WebMock::HttpLibAdapter
    # One hop of one request, answered by a stub, by the network, or by a refusal, as WebMock's own adapters do it.
    # @api private
    class Hop
      # @return [#call, nil] the interceptor that was there before, which sees what goes out for real
      attr_reader :inner

      # @param inner [#call, nil]
      def initialize(inner)
        @inner = inner
      end

      # @param request [Interceptor::Request]
      # @yieldreturn [Interceptor::Response] the network's
      # @return [Interceptor::Response]
      # @raise [WebMock::NetConnectNotAllowedError] an Exception that is no StandardError, so that nothing rescues it by accident
      def call(request, &send)
        # The same object all the way: VCR keeps its own state on it.
        signature = ::WebMock::RequestSignature.new(request.verb, request.url, headers: request.headers, body: request.body)
        ::WebMock::RequestRegistry.instance.requested_signatures.put(signature)
        stubbed = ::WebMock::StubRegistry.instance.response_for_request(signature)
        return replay(signature, stubbed) if stubbed
        raise ::WebMock::NetConnectNotAllowedError, signature unless ::WebMock.net_connect_allowed?(signature.uri)

        report(signature, inner ? inner.call(request, &send) : send.call)
      end

      private

      def replay(signature, stubbed)
        raise TimeoutError.new(nil, "timed out (WebMock's to_timeout)") if stubbed.should_timeout

        stubbed.raise_error_if_any
        ::WebMock::CallbackRegistry.invoke_callbacks({ lib: :gitlab_kube }, signature, stubbed)
        code, reason = stubbed.status
        Interceptor::Response.new(Integer(code), stubbed.headers, stubbed.body, reason: reason)
      end

      # The body is left alone unless somebody asked to see what the network said; a watch stays a stream even then.
      def report(signature, real)
        real.when_read { |body| tell(signature, real, body) } if ::WebMock::CallbackRegistry.any_callbacks?
        real
      end

      def tell(signature, real, body)
        seen = ::WebMock::Response.new
        seen.status = [real.status, real.reason.to_s]
        seen.headers = real.headers
        seen.body = body
        ::WebMock::CallbackRegistry.invoke_callbacks({ lib: :gitlab_kube, real_request: true }, signature, seen)
      end
    end

    adapter_for :gitlab_kube

    class << self
      # @return [void]
      def enable!
        GitlabKube.interceptor = Hop.new(GitlabKube.interceptor) unless enabled?
      end

      # @return [void]
      def disable!
        GitlabKube.interceptor = GitlabKube.interceptor.inner if enabled?
      end

      # @return [Boolean]
      def enabled?
        GitlabKube.interceptor.is_a?(Hop)
      end
    end

    # WebMock may have been switched on before this file was loaded, and has no word for it: it takes Net::HTTP's place while it is.
    enable! unless ::Net::HTTP.equal?(::WebMock::HttpLibAdapters::NetHttpAdapter::OriginalNetHTTP)
  end
end
