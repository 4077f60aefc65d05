# frozen_string_literal: true

require "socket"
require_relative "withheld"

module GitlabKube
  # The tag of everything this gem raises: `rescue GitlabKube::Error` catches it all.
  #
  # Messages hold this gem's own words, an HTTP code and a Kubernetes reason from a fixed list. They are safe to log, to store
  # and to show. What the server wrote is reachable only through {#unsafe_server_message}.
  module Error
    # @return [String, nil] a Kubernetes reason such as "AlreadyExists"; nil where the server gave none of the known ones
    attr_reader :reason

    # @return [Integer, nil] seconds the server asked to wait before another try
    attr_reader :retry_after

    # @return [Boolean] whether a write may have happened all the same: its first byte had left when the call broke off
    def outcome_unknown?
      @outcome_unknown ? true : false
    end

    # What the server wrote. It may come from an attacker: never show it, never store it.
    # @return [String, nil]
    def unsafe_server_message
      @server_message&.unsafe_text
    end

    # Where a redirect points. The server chose it: never show it, never follow it with a credential.
    # @return [String, nil] an absolute URL
    def unsafe_location
      @location&.unsafe_text
    end

    # The other facts are in the class and in {HttpError#error_code}.
    # @api private
    def facts(reason: nil, retry_after: nil, outcome_unknown: false, server_message: nil, location: nil, **)
      @reason = reason
      @retry_after = retry_after
      @outcome_unknown = outcome_unknown
      @server_message = Withheld.new(server_message) if server_message
      @location = Withheld.new(location) if location
      self
    end
  end

  # An answer that is not a success, or none at all.
  class HttpError < StandardError
    include Error

    # @return [Integer, nil] the HTTP code; nil where there was no answer (timeouts, TLS)
    attr_reader :error_code

    # @return [Object, nil] what the raiser gave; nil for errors raised by this gem
    attr_reader :response

    # @return [String, nil] safe words
    attr_reader :message

    # @param error_code [Integer, nil]
    # @param message [String, nil]
    # @param response [Object, nil]
    def initialize(error_code = nil, message = nil, response = nil)
      @error_code = error_code
      @message = message
      @response = response
      super(message)
    end

    # @return [String] as kubeclient writes it: "HTTP status code 404, 404 Not Found"
    def to_s
      error_code ? "HTTP status code #{error_code}, #{message}" : message.to_s
    end

    # @return [String] the class and the same words; never the response
    def inspect
      "#<#{self.class}: #{self}>"
    end
  end

  # 404: the object, or its kind, is not there.
  class ResourceNotFoundError < HttpError; end
  # 409 with reason AlreadyExists.
  class ResourceAlreadyExistsError < HttpError; end
  # 409: somebody else changed the object, or owns the field.
  class ConflictError < HttpError; end
  # 401: the credential is not accepted (any more).
  class UnauthorizedError < HttpError; end
  # 403: the credential is known and may not do this.
  class ForbiddenError < HttpError; end
  # 410: the resourceVersion or the `continue` token is too old.
  class GoneError < HttpError; end
  # 422: the object is not valid.
  class UnprocessableError < HttpError; end
  # 429: too many requests; see {Error#retry_after}.
  class TooManyRequestsError < HttpError; end
  # 5xx.
  class ServerError < HttpError; end

  # 401 from GitLab's agent server, not from the cluster behind it: the token is not one for this agent, or has expired.
  class AgentUnauthorizedError < UnauthorizedError; end
  # 502 from GitLab's agent server: it has no connection to the agent, or the agent could not do it.
  class AgentUnavailableError < ServerError; end

  # 3xx: the server points elsewhere. Nobody goes there: credentials would go where a server says.
  class RedirectError < HttpError; end

  # A phase of the call took longer than its timeout; no answer, so no code.
  class TimeoutError < HttpError
    # @return [Symbol, nil] which of the timeouts it was: :open, :read or :total; nil where something else was waited for
    attr_reader :phase

    # @api private
    def facts(phase: nil, **others)
      @phase = phase
      super(**others)
    end
  end

  # The TLS handshake failed.
  class TlsError < HttpError; end
  # The proxy did not let the call through.
  class ProxyError < HttpError; end
  # The answer is not what HTTP, JSON or Kubernetes allow.
  class InvalidResponseError < HttpError; end
  # A stream ended in the middle of a line, or the connection was cut.
  class StreamCutError < HttpError; end
  # The server sent, or wanted, more than it may. Each limit has a class of its own below.
  class LimitError < HttpError; end

  # One class for each limit, by the name of the limit.
  LIMIT_ERRORS = %w[
    headers wire_bytes decoded_bytes ratio depth string_length number_length line_length message_bytes items connections budget concurrency
  ].to_h do |name|
    camel = name.split("_").map(&:capitalize).join
    [:"limit_#{name}", const_set("#{camel}LimitError", Class.new(LimitError))]
  end.freeze

  # The application's circuit breaker: this server has failed too often and is not called for a while; see {Error#retry_after}.
  class CircuitOpenError < HttpError; end

  # Nothing listens at the server's address.
  class ConnectionRefusedError < Errno::ECONNREFUSED
    include Error
  end

  # The server closed the connection before its answer was complete.
  class ConnectionResetError < Errno::ECONNRESET
    include Error
  end

  # No route to the server.
  class HostUnreachableError < Errno::EHOSTUNREACH
    include Error
  end

  # The server's name has no address.
  class NameResolutionError < SocketError
    include Error
  end

  # An argument that cannot be right; nothing was sent.
  class InvalidArgumentError < ArgumentError
    include Error
  end

  # The policy does not let this address be dialled. An ArgumentError, as in GitLab.
  class BlockedAddressError < ArgumentError
    include Error
  end

  # The policy refuses a URL when a client is built. `config.blocked_url_error` puts the application's class in its place.
  class BlockedUrlError < StandardError
    include Error
  end

  # A credential plugin of a trusted kubeconfig gave no credential. What it wrote to its standard error is {Error#unsafe_server_message}.
  class CredentialPluginError < StandardError
    include Error
  end

  # The call was taken back, or used where it cannot be (a parent's stream in a forked child).
  class CancelledError < StandardError
    include Error
  end

  # A defect of this gem.
  class InternalError < StandardError
    include Error
  end

  # Makes the exceptions for what the core reports.
  # @api private
  module Errors
    STATUS = {
      401 => UnauthorizedError, 403 => ForbiddenError, 404 => ResourceNotFoundError, 410 => GoneError,
      422 => UnprocessableError, 429 => TooManyRequestsError
    }.freeze

    PHASES = { open_timeout: :open, read_timeout: :read, total_timeout: :total }.freeze

    AGENT_SERVER = { 401 => AgentUnauthorizedError, 502 => AgentUnavailableError }.freeze

    KINDS = {
      tls: TlsError, proxy: ProxyError,
      parse: InvalidResponseError, cut: StreamCutError, refused: ConnectionRefusedError, reset: ConnectionResetError,
      unreachable: HostUnreachableError, dns: NameResolutionError, argument: InvalidArgumentError,
      blocked_address: BlockedAddressError, cancelled: CancelledError, internal: InternalError
    }.merge(LIMIT_ERRORS, PHASES.transform_values { TimeoutError }).freeze

    module_function

    # @param kind [Symbol] the core's kind
    # @param words [String] safe words
    # @param facts [Hash] code, reason, retry_after, agent_server, outcome_unknown, server_message, location
    # @return [Exception]
    def build(kind, words, facts)
      klass = class_for(kind, facts)
      facts = facts.merge(phase: PHASES[kind]) if PHASES.key?(kind)
      error = klass <= HttpError ? klass.new(facts[:code], words) : klass.new(words)
      error.is_a?(Error) ? error.facts(**facts) : error
    end

    def class_for(kind, facts)
      case kind
      when :status then (AGENT_SERVER[facts[:code]] if facts[:agent_server]) || status_class(facts[:code], facts[:reason])
      when :blocked_url then GitlabKube.config.blocked_url_error
      else KINDS.fetch(kind, InternalError)
      end
    end

    def status_class(code, reason)
      return reason == "AlreadyExists" ? ResourceAlreadyExistsError : ConflictError if code == 409
      return ServerError if code >= 500
      return RedirectError if (300..399).cover?(code)

      STATUS.fetch(code, HttpError)
    end
  end
end
