# frozen_string_literal: true

# `http_max_redirects`, for programs that set it.
require "uri"

module Kubeclient
  # A connection that goes where the server says, at most so often. Each hop is a call of its own, so the policy judges its URL and its
  # addresses, and an interceptor sees it. No credential of any kind goes to another origin (RFC 6454 §4): the gems underneath kubeclient
  # send them on (rest-client#832, http#770).
  # @api private
  class Redirects < GitlabKube::Connection
    # What rest-client follows; all but 303 only where nothing was to be changed.
    FOLLOWED = [301, 302, 303, 307].freeze
    # What http.rb, underneath watches and followed logs, follows on top of it.
    OF_STREAMS = [308].freeze
    # What leaves HTTP (exec and its like): kubeclient has none of it.
    SESSIONS = %i[exec port_forward].freeze
    # What of `ssl_options` is only for the server it was given for.
    OF_ONE_SERVER = %i[client_cert client_key server_name].freeze
    private_constant :FOLLOWED, :OF_STREAMS, :SESSIONS, :OF_ONE_SERVER

    # @param url [String]
    # @param given [Hash] options of {GitlabKube::ConnectionOptions}
    # @param most [Integer] redirects
    def initialize(url, given, most: 0)
      super(url, GitlabKube::ConnectionOptions.new(given))
      @given = given
      @most = most
    end

    def call(request)
      super
    rescue GitlabKube::HttpError => e
      elsewhere(request, e)
    end

    # What is found elsewhere is remembered as what this server says.
    def catalog(group, version)
      super
    rescue GitlabKube::HttpError => e
      found = GitlabKube::Native::Catalog.parse(elsewhere({ verb: :get }, e))
      native.remember(group, version, found) unless GitlabKube.interceptor
      found
    end

    private

    # @raise [GitlabKube::HttpError] the one given, where it is no redirect, or one that is not followed
    def elsewhere(request, error)
      target = target(error) if @most.positive? && followed?(request, error.error_code)
      raise error unless target

      server(target).call({ verb: :get, path: target.request_uri, **request.slice(:want, :accept, :columns) })
    rescue GitlabKube::InvalidArgumentError # a path that Kubernetes cannot have
      raise error, cause: nil
    end

    def followed?(request, code)
      codes = request[:want] == :stream ? FOLLOWED + OF_STREAMS : FOLLOWED
      codes.include?(code) && (request[:verb] == :get || code == 303) && !SESSIONS.include?(request[:want])
    end

    # @return [URI::HTTP, nil]
    def target(error)
      target = URI.parse(error.unsafe_location.to_s)
      target if target.is_a?(URI::HTTP) && !target.userinfo && !target.host.to_s.empty?
    rescue URI::InvalidURIError
      nil
    end

    def server(target)
      given = origin(target) == origin(URI.parse(@url)) ? @given : anonymous
      Redirects.new(origin(target), given, most: @most - 1)
    end

    def origin(uri)
      "#{uri.scheme}://#{uri.host}:#{uri.port}".downcase
    end

    def anonymous
      @given.except(:auth_options, :impersonate).merge(ssl_options: @given.fetch(:ssl_options, {}).except(*OF_ONE_SERVER))
    end
  end
end
