# frozen_string_literal: true

require "ipaddr"
require "net/protocol"
require "openssl"

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
    def graceful_request(cluster_id)
      { status: :connected, response: yield }
    rescue *CONNECTION
      { status: :unreachable, connection_error: :connection_error }
    rescue *AUTHENTICATION
      { status: :authentication_failure, connection_error: :authentication_error }
    rescue HttpError => e
      { status: kubeclient_error_status(e.message), connection_error: :http_error }
    rescue StandardError => e
      GitlabKube.config.error_tracker&.call(e, cluster_id: cluster_id)
      { status: :unknown_failure, connection_error: :unknown_error }
    end

    # @param message [String, nil] of an {HttpError}
    # @return [Symbol] :unreachable for timeouts, else :authentication_failure
    def kubeclient_error_status(message)
      message&.match?(/timed out|timeout/i) ? :unreachable : :authentication_failure
    end
  end
end
