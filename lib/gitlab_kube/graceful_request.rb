# frozen_string_literal: true

require "ipaddr"
require "net/protocol"
require "openssl"
require_relative "configuration"

module GitlabKube
  # A call whose failure is an answer: what a status page wants to know of a cluster.
  module GracefulRequest
    # What says that the cluster cannot be reached.
    CONNECTION = [
      SocketError, OpenSSL::SSL::SSLError, Errno::ECONNRESET, Errno::ENETUNREACH, Errno::ECONNREFUSED, Errno::EHOSTUNREACH,
      Net::OpenTimeout, Net::ReadTimeout, IPAddr::InvalidAddressError, CircuitOpenError, ConcurrencyLimitError
    ].freeze
    # What says that it does not know us.
    AUTHENTICATION = [OpenSSL::X509::CertificateError].freeze

    # @param cluster_id [Object] told to `config.error_tracker` with errors that nobody expected
    # @yieldreturn [Object] the response
    # @return [Hash] `{ status: :connected, response: }`, or `{ status: :unreachable | :authentication_failure | :unknown_failure,
    #   connection_error: :connection_error | :authentication_error | :http_error | :unknown_error }`
    # @raise [StandardError] nothing, unless `config.debug?`
    def graceful_request(cluster_id)
      { status: :connected, response: yield }
    rescue StandardError => e
      raise if GitlabKube.config.debug?

      failure(e, cluster_id)
    end

    # @param message [String, nil] of an {HttpError}
    # @return [Symbol] :unreachable for timeouts, else :authentication_failure
    def kubeclient_error_status(message)
      message&.match?(/timed out|timeout/i) ? :unreachable : :authentication_failure
    end

    private

    def failure(error, cluster_id)
      case error
      when *CONNECTION then { status: :unreachable, connection_error: :connection_error }
      when *AUTHENTICATION then { status: :authentication_failure, connection_error: :authentication_error }
      when HttpError then { status: kubeclient_error_status(error.message), connection_error: :http_error }
      else
        GitlabKube.config.error_tracker&.call(error, cluster_id: cluster_id)
        { status: :unknown_failure, connection_error: :unknown_error }
      end
    end
  end
end
