# frozen_string_literal: true

# Tokens from Google's application default credentials. Needs the googleauth gem.
module Kubeclient
  # @see https://cloud.google.com/docs/authentication/application-default-credentials
  class GoogleApplicationDefaultCredentials
    # The googleauth gem is not there.
    class GoogleDependencyError < LoadError; end

    # What the token is for.
    SCOPES = %w[https://www.googleapis.com/auth/cloud-platform https://www.googleapis.com/auth/userinfo.email].freeze

    # @return [String] a bearer token
    # @raise [GoogleDependencyError]
    # @example
    #   Kubeclient::GoogleApplicationDefaultCredentials.token
    def self.token
      begin
        require "googleauth"
      rescue LoadError
        raise GoogleDependencyError, "tokens for Google Cloud need the googleauth gem: add it to the application", cause: nil
      end

      authorization = Google::Auth.get_application_default(SCOPES)
      authorization.apply({})
      authorization.access_token
    end
  end
end
