# frozen_string_literal: true

# `Kubeclient::Client.new(uri, version, **options)`.
require "openssl"
require "uri"

# How the client is made.
module Kubeclient
  # Lets a sub-client be made as kubeclient makes its clients. Prepended, not subclassed: `instance_of?(Kubeclient::Client)` holds for the
  # sub-clients of a KubeClient too, and programs can subclass it.
  module Construction
    # The longest end of a path that names an API, as kubeclient finds it: `…/api`, `…/oapi` or `…/apis/<group>`.
    ENDPOINT = %r{\A(?<prefix>.*)/(?<group>o?api(?:s/[^/]+)?)\z}mi

    # Kubeclient's, which are Net::HTTP's. Not applied to watches.
    DEFAULT_TIMEOUTS = { open: 60, read: 60 }.freeze

    # Certificates are verified unless the program says otherwise.
    DEFAULT_SSL_OPTIONS = {
      client_cert: nil, client_key: nil, ca_file: nil, cert_store: nil, verify_ssl: OpenSSL::SSL::VERIFY_PEER
    }.freeze

    # @return [Integer] 0 unless the program said otherwise: a redirect is an error
    attr_reader :http_max_redirects

    # @param uri [String, URI] of the server, or of an API group below it; left as it is
    # @param arguments [Array<String>] the version, "v1" unless given
    # @param error_messages [Symbol] `:safe`, this gem's own words, or `:raw`, what the server said
    # @param http_max_redirects [Integer] how often to go where a server says; no credential goes to another one
    # @param options [Hash] `auth_options`, `ssl_options`, `timeouts`, `http_proxy_uri`, `as`
    # @raise [ArgumentError] without a uri, and for an option that is not known or would do nothing
    # @example
    #   Kubeclient::Client.new("https://kubernetes.example.com/apis/apps", "v1", auth_options: { bearer_token: token })
    def initialize(uri, *arguments, as: :ros, format: as, error_messages: :safe, http_max_redirects: 0, **options)
      @http_max_redirects = Integer(http_max_redirects)
      unless uri.is_a?(GitlabKube::Connection)
        @made_by_kubeclient = true
        prefix, group = Construction.split(uri)
        uri = Construction.connection(error_messages).new(prefix, Construction.options(options), most: @http_max_redirects)
        arguments = [prefix, group, arguments.fetch(0, "v1")]
        options = {}
      end
      super(uri, *arguments, format: format, **options)
    end

    # @return [Hash] what is sent; frozen, because kubeclient's programs write into it, and here it would do nothing
    def headers
      super.freeze
    end

    # Kubeclient's `rest_client.options`, for those who make requests of their own.
    # @return [#options]
    def rest_client
      super.tap { |client| client.options[:max_redirects] = http_max_redirects }
    end

    # @param uri [String, URI]
    # @return [Array(String, String)] the server's address, and `api` or `apis/<group>`
    # @raise [ArgumentError] without one
    def self.split(uri)
      raise ArgumentError, "Missing uri" unless uri

      endpoint = parse(uri)
      path = endpoint.path.chomp("/")
      match = ENDPOINT.match(path)
      endpoint.path = match ? match[:prefix] : path
      [endpoint.to_s, match ? match[:group] : "api"]
    end

    # Ruby's own message quotes the URL, with the password it may have.
    # @param uri [String, URI]
    # @return [URI]
    # @raise [URI::InvalidURIError]
    def self.parse(uri)
      URI.parse(uri.to_s)
    rescue URI::InvalidURIError
      raise URI::InvalidURIError, "the uri cannot be read", cause: nil
    end

    # @param error_messages [Symbol]
    # @return [Class]
    # @raise [ArgumentError]
    def self.connection(error_messages)
      case error_messages
      when :safe then Redirects
      when :raw then ServerWords
      else raise ArgumentError, "error_messages is :safe or :raw"
      end
    end

    # @param options [Hash] kubeclient's
    # @return [Hash] ours
    # @raise [ArgumentError] for those that could do nothing here
    def self.options(options)
      sockets = options.delete(:socket_options)
      raise ArgumentError, "socket_options cannot be used: no Ruby socket is opened" if sockets&.values&.any?

      { ssl_options: DEFAULT_SSL_OPTIONS, **options, timeouts: DEFAULT_TIMEOUTS.merge(options.fetch(:timeouts, {})) }
    end
  end

  GitlabKube::SubClient.prepend(Construction)
end
