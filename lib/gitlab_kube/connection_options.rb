# frozen_string_literal: true

require "openssl"
require_relative "ca_file"
require_relative "confidential"
require_relative "limits"

module GitlabKube
  # Kubeclient's options, checked, as the core wants them.
  # @api private
  class ConnectionOptions
    include Confidential

    DEFAULT_TIMEOUTS = { open: 10, read: 30 }.freeze
    KEYS = %i[auth_options ssl_options timeouts http_proxy_uri http_max_redirects limits as http2 impersonate
              cluster_id retries].freeze
    IMPERSONATION = { as: "Impersonate-User", uid: "Impersonate-Uid" }.freeze

    # @return [OpenSSL::X509::Store, nil] a store that only Ruby can ask
    attr_reader :cert_store
    # @return [Hash]
    attr_reader :auth_options, :ssl_options, :timeouts
    # @return [String, nil]
    attr_reader :http_proxy_uri
    # @return [Object, nil] the application's, for logs and subscribers
    attr_reader :cluster_id
    # @return [Integer] how often a call is tried again when the server asks for patience
    attr_reader :retries

    # @param options [Hash] kubeclient's keywords
    # @param operator [Boolean] whether code, not a record, says that this address is the operator's own
    def initialize(options, operator: false)
      validate_keys(options)
      @operator = operator
      @auth_options, @ssl_options = %i[auth_options ssl_options].map { |key| options[key] || {} }
      @timeouts, @limits = bounds(options)
      @http_proxy_uri = options[:http_proxy_uri]&.to_s&.then { |uri| uri unless uri.empty? }
      @http2, @retries = { http2: true, retries: 0 }.merge(options).values_at(:http2, :retries)
      @impersonate, @cluster_id = options.values_at(:impersonate, :cluster_id)
      validate_retries
      @ca_file = CaFile.new(ssl_options[:ca_file]) if ssl_options[:ca_file]
    end

    # @return [Boolean] whether {#to_native} would be another now
    def replaced?
      @ca_file ? @ca_file.replaced? : false
    end

    # @return [Hash] for Native::Client.new
    def to_native
      {
        operator: @operator, timeouts: timeouts, limits: @limits, proxy: http_proxy_uri, http2: @http2, headers: headers
      }.merge(trust).merge(client_certificate).merge(credentials)
        .merge(server_name: ssl_options[:server_name]).merge(GitlabKube.config.proxy_facts(http_proxy_uri)).compact
    end

    # The value of the Authorization header, from a provider.
    # @param refresh [Boolean] whether the last one was refused
    # @return [String, nil]
    def authorization(refresh:)
      asked = provider.respond_to?(:arity) ? provider : provider.method(:call)
      token = asked.arity.zero? ? asked.call : asked.call(refresh)
      token && "Bearer #{token}"
    end

    # @return [Hash] for those who make requests of their own (the Prometheus client): kubeclient's `rest_client.options`
    def rest_options
      {
        ssl_ca_file: ssl_options[:ca_file], ssl_cert_store: ssl_options[:cert_store], verify_ssl: ssl_options[:verify_ssl],
        ssl_client_cert: ssl_options[:client_cert], ssl_client_key: ssl_options[:client_key], proxy: http_proxy_uri,
        max_redirects: 0, user: auth_options[:username], password: auth_options[:password],
        open_timeout: timeouts[:open], read_timeout: timeouts[:read]
      }
    end

    # @return [String]
    def inspect
      "#<#{self.class}>"
    end

    private

    def bounds(options)
      timeouts, limits = options.values_at(:timeouts, :limits)
      [DEFAULT_TIMEOUTS.merge(Limits.check_timeouts(timeouts)), GitlabKube.config.limits.merge(Limits.check(limits))]
    end

    def trust
      return { anybody: true } if ssl_options[:verify_ssl] == OpenSSL::SSL::VERIFY_NONE && ssl_options.key?(:verify_ssl)

      case (store = ssl_options[:cert_store])
      when nil then { ca: ca_pem }
      when String then { ca: store }
      else
        @cert_store = store
        { judged: store.object_id }
      end
    end

    def ca_pem
      ssl_options[:ca] || @ca_file&.read
    end

    def client_certificate
      cert, key = ssl_options.values_at(:client_cert, :client_key)
      return {} unless cert || key
      raise InvalidArgumentError, "a client certificate needs both client_cert and client_key" unless cert && key

      { client_cert: pem(cert), client_key: key.respond_to?(:private_to_pem) ? key.private_to_pem : pem(key) }
    end

    def pem(value)
      return Array(value).map(&:to_pem).join if value.is_a?(Array)

      value.respond_to?(:to_pem) ? value.to_pem : value.to_s
    end

    def credentials
      username = auth_options[:username] || auth_options[:user]
      token, file = auth_options.values_at(:bearer_token, :bearer_token_file)
      validate(username, auth_options[:password], token, file)
      return { basic: ["#{username}:#{auth_options[:password]}"].pack("m0") } if username
      return { bearer_token_file: readable(file) } if file
      return {} unless token

      token.respond_to?(:call) ? { asked: token.object_id } : { bearer_token: token.to_s }
    end

    def validate(username, password, token, file)
      if [username, token, file].compact.size > 1
        raise InvalidArgumentError, "Invalid auth options: specify only one of username/password, bearer_token or bearer_token_file"
      end
      raise InvalidArgumentError, "Basic auth requires both username & password" if [username, password].compact.size == 1
    end

    def readable(file)
      raise InvalidArgumentError, "the bearer_token_file does not exist" unless File.file?(file)
      raise InvalidArgumentError, "the bearer_token_file cannot be read" unless File.readable?(file)

      file.to_s
    end

    def validate_keys(options)
      unknown = options.keys - KEYS
      raise InvalidArgumentError, "unknown option: #{unknown.join(', ')}" unless unknown.empty?
    end

    def validate_retries
      return if retries.is_a?(Integer) && retries.between?(0, 10)

      raise InvalidArgumentError, "retries is a number from 0 to 10"
    end

    def provider
      auth_options[:bearer_token]
    end

    # RFC-less but documented: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
    def headers
      given = @impersonate or return []
      single = IMPERSONATION.filter_map { |key, name| [name, given[key].to_s] if given[key] }
      groups = Array(given[:groups]).map { |group| ["Impersonate-Group", group.to_s] }
      single + groups + extra(given[:extra] || {})
    end

    def extra(lists)
      raise InvalidArgumentError, "impersonate: extra is not a Hash" unless lists.is_a?(Hash)

      lists.flat_map do |key, values|
        Array(values).map { |value| ["Impersonate-Extra-#{escaped(key.to_s)}", value.to_s] }
      end
    end

    # Byte by byte (RFC 3986 §2.1), as the server reads it.
    def escaped(key)
      key.b.gsub(/[^A-Za-z0-9._~-]/n) { |byte| format("%%%02x", byte.ord) }
    end
  end
end
