# frozen_string_literal: true

# How a service ended, in words that may be shown to users.

module GitlabKube
  # What GitLab does with a cluster: plain objects that are given their client, logger and clock.
  module Services
    # @example
    #   result.success? ? redirect_to(environment) : render(json: { message: result.message }, status: result.http_status)
    Result = Struct.new(:status, :message, :http_status, :payload, keyword_init: true) do
      # @param payload [Object, nil]
      # @return [Result]
      def self.success(payload = nil)
        new(status: :success, payload: payload)
      end

      # @param message [String]
      # @param http_status [Symbol, nil]
      # @return [Result]
      def self.error(message, http_status = nil)
        new(status: :error, message: message, http_status: http_status)
      end

      # @return [Boolean]
      def success?
        status == :success
      end

      # @return [Boolean]
      def error?
        status == :error
      end
    end
  end
end
