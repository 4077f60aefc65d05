# frozen_string_literal: true

require_relative "bulkhead"
require_relative "configuration/debug"
require_relative "limits"

# Configuration of the gem.
module GitlabKube
  # What the application decides, once, for all clients. The four policy settings may be values or callables: callables are
  # asked in the calling thread at each request, because administrators change them while the application runs.
  #
  # @example GitLab's
  #   GitlabKube.configure do |config|
  #     settings = -> { Gitlab::CurrentSettings.current_application_settings }
  #     config.local_requests_allowed = -> { settings.call.allow_local_requests_from_web_hooks_and_services? }
  #     config.dns_rebinding_protection = -> { settings.call.dns_rebinding_protection_enabled? }
  #     config.deny_all_except_allowed = -> { settings.call.deny_all_requests_except_allowed? }
  #     config.allowlist = -> { settings.call.outbound_local_requests_allowlist }
  #     config.blocked_url_error = Gitlab::HTTP_V2::UrlBlocker::BlockedUrlError
  #   end
  class Configuration
    include Bulkhead::Settings
    include Debug
    include Limits::Setting

    # @return [Boolean, #call] whether private, link-local and loopback addresses may be dialled. Default: false
    attr_accessor :local_requests_allowed

    # @return [Boolean, #call] whether a name must resolve, and what it resolves to is what is dialled. Default: true
    attr_accessor :dns_rebinding_protection

    # @return [Boolean, #call] whether only the allowlist may be dialled. Default: false
    attr_accessor :deny_all_except_allowed

    # @return [Array<String>, #call] names, addresses and ranges, each with an optional port, that may always be dialled
    attr_accessor :allowlist

    # Proxies that are the operator's own, such as `["http://proxy.internal:3128"]`: they may have a private address. A client goes
    # through one only where its `http_proxy_uri` says so; any other proxy is an address of a user.
    # @return [Array<String>]
    attr_accessor :operator_proxies

    # @return [Boolean] whether those proxies are given names to resolve, which nobody here then checks. Default: false
    attr_accessor :proxy_resolves

    # @return [Class] what a refused URL raises when a client is built
    attr_accessor :blocked_url_error

    # @return [Logger, nil] where events go; nil for nowhere
    attr_accessor :logger

    # @return [#call, nil] is told about errors that {KubeClient.graceful_request} swallows: `call(exception, cluster_id:)`
    attr_accessor :error_tracker

    # @return [#call, nil] what ties the log lines of one request together. Default: Labkit's, where the application has it
    attr_accessor :correlation_id

    def initialize
      @local_requests_allowed = false
      @dns_rebinding_protection = true
      @deny_all_except_allowed = false
      @allowlist = []
      @operator_proxies = []
      @proxy_resolves = false
      @blocked_url_error = BlockedUrlError
      self.debug = ENV["GITLAB_KUBE_DEBUG"] == "1"
    end

    # What the core is told of a proxy: scheme, host and port decide whose it is, never the login.
    # @param proxy [String, nil]
    # @return [Hash]
    # @api private
    def proxy_facts(proxy)
      return {} unless proxy && operator_proxies.any? { |own| address(own) == address(proxy) }

      { operators_proxy: true, proxy_resolves: proxy_resolves ? true : false }
    end

    # Asks GitLab's application settings at each request for the four policy settings.
    # @param settings [#call] answers an object with GitLab's names for them
    # @return [void]
    # @example
    #   GitlabKube.config.follow(-> { Gitlab::CurrentSettings.current_application_settings })
    def follow(settings)
      @local_requests_allowed = -> { settings.call.allow_local_requests_from_web_hooks_and_services? }
      @dns_rebinding_protection = -> { settings.call.dns_rebinding_protection_enabled? }
      @deny_all_except_allowed = -> { settings.call.deny_all_requests_except_allowed? }
      @allowlist = -> { settings.call.outbound_local_requests_allowlist }
    end

    # The settings of this moment, for the core. The same values give the same object.
    # @api private
    # @return [Native::Settings]
    def native_settings
      switches = [local_requests_allowed, dns_rebinding_protection, deny_all_except_allowed]
      values = switches.map! { |setting| ask(setting) ? true : false } << Array(ask(allowlist)).map(&:to_s)
      known, settings = @native_settings
      return settings if known == values

      Native::Settings.new(*values).tap { |fresh| @native_settings = [values, fresh].freeze }
    end

    # @return [String, nil]
    # @api private
    def current_correlation_id
      return correlation_id.call if correlation_id

      ::Labkit::Correlation::CorrelationId.current_id if defined?(::Labkit::Correlation::CorrelationId)
    end

    private

    def address(url)
      uri = URI.parse(url.to_s)
      [uri.scheme&.downcase, uri.host&.downcase, uri.port]
    rescue URI::InvalidURIError
      [url]
    end

    def ask(setting)
      setting.respond_to?(:call) ? setting.call : setting
    end
  end

  @config = Configuration.new

  class << self
    # @return [Configuration]
    attr_reader :config

    # @yieldparam config [Configuration]
    # @return [Configuration]
    # @raise [InvalidArgumentError] for a setting that cannot be right
    def configure
      yield config
      config.refuse_debug_in_production # which may have begun since the gem was loaded
      config
    end
  end
end
