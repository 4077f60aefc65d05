# frozen_string_literal: true

# Why Prometheus did not answer, in words that may be shown.

require_relative "../../errors"

module GitlabKube
  module Services
    class Prometheus
      # All of them.
      class Error < StandardError
        include GitlabKube::Error
      end

      # Prometheus could not be reached.
      class ConnectionError < Error; end
      # It answered with something else.
      class UnexpectedResponseError < Error; end
      # It refused the query.
      class QueryError < Error; end

      # @api private
      module Errors
        # The first that fits, with our words for it.
        TABLE = {
          TlsError => [ConnectionError, "Prometheus' cluster presents invalid TLS data"],
          GitlabKube::TimeoutError => [ConnectionError, "Prometheus did not answer in time"],
          HttpError => [UnexpectedResponseError, nil],
          Errno::ECONNREFUSED => [ConnectionError, "Connection refused"],
          SocketError => [ConnectionError, "Can't connect to the cluster"],
          SystemCallError => [ConnectionError, "Network connection error"]
        }.freeze

        module_function

        # 400 and 422 are what Prometheus answers to a query it cannot read or run; what it wrote about it stays unsaid.
        def translate(error)
          code = error.error_code if error.respond_to?(:error_code)
          return QueryError.new("Prometheus refused the query (#{code})") if [400, 422].include?(code)

          klass, words = TABLE.find { |known, _| error.is_a?(known) }.last
          klass.new(words || "Prometheus answered #{code || 'nothing'}")
        end
      end
    end
  end
end
