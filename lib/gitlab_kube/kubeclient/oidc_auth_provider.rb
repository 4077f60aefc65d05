# frozen_string_literal: true

# ID tokens of an `auth-provider: oidc`, refreshed when they are about to end. Needs the openid_connect gem.
module Kubeclient
  # @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#openid-connect-tokens
  class OIDCAuthProvider
    # The openid_connect gem is not there.
    class OpenIDConnectDependencyError < LoadError; end

    # A token with less than this to live is refreshed.
    SECONDS = 60

    class << self
      # @param config [Hash] idp-issuer-url, client-id, client-secret, id-token, refresh-token
      # @return [String] an ID token
      # @raise [OpenIDConnectDependencyError]
      # @example
      #   Kubeclient::OIDCAuthProvider.token(user["auth-provider"]["config"])
      def token(config)
        require_openid_connect
        provider = OpenIDConnect::Discovery::Provider::Config.discover!(config["idp-issuer-url"])
        known = config["id-token"]
        known && !expired?(known, provider) ? known : refreshed(config, provider)
      end

      private

      def refreshed(config, provider)
        client = OpenIDConnect::Client.new(
          identifier: config["client-id"], secret: config["client-secret"], authorization_endpoint: provider.authorization_endpoint,
          token_endpoint: provider.token_endpoint, userinfo_endpoint: provider.userinfo_endpoint
        )
        client.refresh_token = config["refresh-token"]
        client.access_token!.id_token
      end

      def expired?(id_token, provider)
        Time.now.to_i + SECONDS > OpenIDConnect::ResponseObject::IdToken.decode(id_token, provider.jwks).exp.to_i
      rescue JSON::JWK::Set::KidNotFound
        true # signed with a key that the provider no longer shows
      end

      def require_openid_connect
        require "openid_connect"
      rescue LoadError
        raise OpenIDConnectDependencyError, "tokens of OpenID Connect need the openid_connect gem: add it to the application", cause: nil
      end
    end
  end
end
