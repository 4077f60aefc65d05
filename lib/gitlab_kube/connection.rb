# frozen_string_literal: true

require "openssl"
require "socket"
require_relative "bulkhead"
require_relative "confidential"
require_relative "instrumentation"
require_relative "recorded_stream"
require_relative "web_request_guard"

module GitlabKube
  # Performs calls to one server: gives the core what only this thread has (an interceptor, a certificate store, a credential).
  # @api private
  class Connection
    include Confidential

    # What goes on for as long as it likes.
    UNBOUNDED = %i[stream pluck exec port_forward].freeze
    private_constant :UNBOUNDED

    # @return [ConnectionOptions]
    attr_reader :options

    # @param url [String] the API URL
    # @param options [ConnectionOptions]
    def initialize(url, options)
      @options = options
      @url = url.to_s.delete_suffix("/")
      @native = build
      @lock = Mutex.new
    end

    # @param request [Hash] verb, group, version, resource, … (see ext/gitlab_kube/src/spec.rs)
    # @return [Native::Document, String, Native::Stream, Native::Rows, Native::Session]
    def call(request)
      perform(request) { |manner| text { native.call(request, settings, manner) } }
    end

    # What a group version serves: from this process's cache, or from the server.
    # @return [Native::Catalog]
    def catalog(group, version)
      cached = native.catalog(group, version) unless GitlabKube.interceptor
      cached || perform({ verb: :get, discovery: true, group: group, version: version }) do |manner|
        native.discovery(group, version, settings, manner)
      end
    end

    # @return [void]
    def forget(group, version)
      native.forget(group, version)
    end

    # The policy's word on the URL, under the settings of now.
    # @raise [BlockedUrlError]
    def check
      native.check(settings)
    end

    # @return [Symbol] :closed, :open or :half_open
    def circuit
      bulkhead.state
    end

    # @return [String] never the options: they hold credentials
    def inspect
      "#<#{self.class}>"
    end

    private

    def build
      text { Native::Client.new(@url, options.to_native, settings) }
    end

    # A CA file that was replaced makes another client: a connection belongs to the CA that it was verified with. One that cannot be
    # read, or is no CA, leaves the former.
    def native
      return @native unless options.replaced?

      @lock.synchronize { @native = build if options.replaced? }
      @native
    rescue InvalidArgumentError
      @native
    end

    # The core takes UTF-8 only; Ruby's own error for the rest is none of ours.
    def text
      yield
    rescue EncodingError
      raise InvalidArgumentError, "an argument or option is not text in UTF-8", cause: nil
    end

    def settings
      GitlabKube.config.native_settings
    end

    def perform(request, &call)
      Instrumentation.call(request, cluster) do
        WebRequestGuard.check!(bounded: !UNBOUNDED.include?(request[:want])) { |seconds| enter(seconds, &call) }
      end
    end

    # The policy is asked first: a blocked address is always said to be blocked.
    def enter(seconds, &call)
      config = GitlabKube.config
      return drive(seconds, &call) unless config.concurrency_limit || config.circuit_breaker

      check
      bulkhead.enter(config, patient: seconds.nil?) { drive(seconds, &call) }
    end

    def bulkhead
      Bulkhead.for(@url, options.http_proxy_uri)
    end

    def cluster
      options.cluster_id || GitlabKube.current_cluster
    end

    # @param seconds [Float, nil] what a web request leaves this call
    def drive(seconds)
      interceptor = GitlabKube.interceptor
      call = yield(intercepted: !interceptor.nil?, total: seconds, attempts: options.retries)
      step = call.begin
      step = advance(call, interceptor, *step) until step.first == :done
      step.last
    ensure
      call&.cancel
    end

    def advance(call, interceptor, kind, *facts)
      case kind
      when :send then intercept(call, interceptor, *facts)
      when :resolve then call.resolved(resolve(*facts))
      when :authenticate then authenticate(call, options.authorization(refresh: facts.first))
      when :verify then call.verified(trusted?(facts.first))
      when :sleep then sleep(facts.first) && call.slept
      end
    end

    def authenticate(call, authorization)
      text { call.authenticated(authorization) }
    end

    # @param facts [Array] what Interceptor::Request is made of, in its order
    def intercept(call, interceptor, *facts)
      request = Interceptor::Request.new(**Interceptor::Request.members.zip(facts).to_h)
      response = Instrumentation.hop(request.verb, cluster) do
        interceptor.call(request) { Interceptor::Response.new(*real(call), stream: request.stream) }
      end
      step = call.sent(response.status, response.headers, response.for_core)
      response.listeners.empty? ? step : [:done, RecordedStream.new(step.last, response.listeners)]
    end

    # What the server answers. A certificate is judged here too; the interceptor sees one hop all the same.
    def real(call)
      step = call.open
      while step.first == :verify
        step = advance(call, nil, *step) until step.first == :send
        step = call.open
      end
      step
    end

    # In this thread, so that a spec's stub of the resolver is heard.
    def resolve(host, port)
      Addrinfo.getaddrinfo(host, port, nil, :STREAM).map(&:ip_address)
    rescue SocketError
      []
    end

    def trusted?(chain)
      leaf, *rest = chain.map { |der| OpenSSL::X509::Certificate.new(der) }
      options.cert_store.verify(leaf, rest)
    rescue OpenSSL::X509::CertificateError
      false
    end
  end
end
