# frozen_string_literal: true

# Who somebody is to a cluster, and until when.

require "time"

module GitlabKube
  module Services
    # @example
    #   credential.token unless credential.expired?
    class Credential
      # @return [String]
      attr_reader :namespace, :service_account
      # @return [String, nil] nil where the cluster did not write one in time
      attr_reader :token
      # @return [Time, nil] nil for a token that does not expire
      attr_reader :expires_at

      # @param namespace [String]
      # @param service_account [String]
      # @param token [String, nil]
      # @param expires_at [Time, nil]
      def initialize(namespace, service_account, token, expires_at)
        @namespace = namespace
        @service_account = service_account
        @token = token
        @expires_at = expires_at
        freeze
      end

      # @param now [Time]
      # @param leeway [Numeric] seconds it should still last
      # @return [Boolean]
      def expired?(now: Time.now, leeway: 30)
        !expires_at.nil? && now + leeway >= expires_at
      end

      # @return [String] without the token
      def inspect
        "#<#{self.class} #{namespace}/#{service_account}#{" until #{expires_at.utc.iso8601}" if expires_at}>"
      end
      alias to_s inspect
    end
  end
end
