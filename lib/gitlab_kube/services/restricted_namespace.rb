# frozen_string_literal: true

# A namespace, an account that may work in it and nowhere else, and that account's credential.

require_relative "account_names"
require_relative "credential"
require_relative "fetch_token"
require_relative "presence"

module GitlabKube
  module Services
    # Four requests where GitLab's own flow takes thirteen: the namespace is created (being there already is fine), account
    # and binding are applied by the server, and the token is asked for. Every step can be repeated, so after a failure,
    # or for a new token, {#execute} is simply called again.
    #
    # @example a token for an hour
    #   credential = GitlabKube::Services::RestrictedNamespace.new(client, namespace: "web-12-production").execute
    #   credential.token
    class RestrictedNamespace
      include Presence

      # Marks a namespace as made here: only such a one is removed whole.
      MANAGED_BY = { "app.gitlab.com/managed_by" => "gitlab" }.freeze
      # Who owns the fields of what is applied.
      FIELD_MANAGER = "gitlab"
      # The role an account is bound to.
      RoleRef = Struct.new(:kind, :name)
      # The sorts of tokens.
      TOKENS = %i[bound secret].freeze

      # @param client [KubeClient]
      # @param namespace [String]
      # @param service_account [String]
      # @param labels [Hash] of the namespace, if it is made here
      # @param role [RoleRef] to a ClusterRole, or a Role of the namespace
      # @param token [Symbol] :bound asks for one that expires; :secret has the cluster keep one that does not
      # @param expiration_seconds [Integer] of a bound token, at least 600
      # @param audiences [Array<String>, nil] of a bound token; nil for the API server
      # @param token_retry_delay [Numeric] as for {FetchToken}
      # @raise [InvalidArgumentError] where Kubernetes would refuse a name, or the token is of no known sort
      def initialize(client, namespace:, service_account: "#{namespace}-service-account", labels: {},
                     role: RoleRef.new("ClusterRole",
                                       AccountNames::PROJECT_CLUSTER_ROLE_NAME), token: :bound, expiration_seconds: 3600, audiences: nil,
                     token_retry_delay: FetchToken::DEFAULT_TOKEN_RETRY_DELAY)
        raise InvalidArgumentError, "token is :bound or :secret" unless TOKENS.include?(token)

        @client = client
        @namespace = namespace
        @service_account = service_account
        @role = role
        @token = token
        @request = { expiration_seconds: expiration_seconds, audiences: audiences }
        @token_retry_delay = token_retry_delay
        @manifests = manifests(labels).each(&:validate!)
      end

      # @return [Credential]
      # @raise [HttpError, StandardError] whatever a request ends in; what was made stays for the next try
      def execute
        namespace, account, binding = @manifests
        create_namespace(namespace)
        @client.core_client.apply_service_account(account.generate, field_manager: FIELD_MANAGER, force: true)
        apply_role_binding(binding.generate)
        credential
      end

      # Takes everything away again: the namespace, if it was made here, else only what was put into it.
      #
      # @return [Boolean] whether anything was there
      # @raise [HttpError] other than 404
      def remove
        namespace = @client.get_namespace(@namespace)
        managed = namespace.dig(:metadata, :labels, MANAGED_BY.keys.first) == MANAGED_BY.values.first
        managed ? found { @client.delete_namespace(@namespace) } : remove_parts
      rescue ResourceNotFoundError
        false
      end

      private

      def manifests(labels)
        [
          Namespace.new(@namespace, @client, labels: labels.transform_keys(&:to_s).merge(MANAGED_BY)),
          ServiceAccount.new(@service_account, @namespace),
          RoleBinding.new(
            name: binding_name, role_name: @role.name, role_kind: @role.kind, namespace: @namespace, service_account_name: @service_account
          )
        ]
      end

      # By the account: a namespace may have several.
      def binding_name
        "gitlab-#{@service_account}"
      end

      # An account that may not create namespaces may still be given one.
      def create_namespace(manifest)
        @client.create_namespace(manifest.generate, field_manager: FIELD_MANAGER)
      rescue ResourceAlreadyExistsError
        nil
      rescue ForbiddenError
        manifest.exists? || raise
      end

      # A binding's roleRef can never be changed: 422 says that there is one to another role.
      def apply_role_binding(binding)
        rbac = @client.rbac_client
        rbac.apply_role_binding(binding, field_manager: FIELD_MANAGER, force: true)
      rescue UnprocessableError
        found { rbac.delete_role_binding(binding_name, @namespace) }
        rbac.apply_role_binding(binding, field_manager: FIELD_MANAGER, force: true)
      end

      def credential
        return Credential.new(@namespace, @service_account, long_lived_token, nil) if @token == :secret

        bound(@client.create_token(@service_account, @namespace, **@request))
      end

      # Ruby's own words about a time that is none would quote it.
      def bound(answer)
        token, ends = %i[token expirationTimestamp].map { |field| answer.dig(:status, field) }
        Credential.new(@namespace, @service_account, token, Time.iso8601(ends))
      rescue ArgumentError, TypeError
        raise InvalidResponseError.new(nil, "the answer holds no token with an end"), cause: nil
      end

      def long_lived_token
        secret = ServiceAccountToken.new(secret_name, @service_account, @namespace)
        @client.core_client.apply_secret(secret.resource!, field_manager: FIELD_MANAGER, force: true)
        FetchToken.new(@client, secret_name, @namespace, token_retry_delay: @token_retry_delay).execute
      end

      def secret_name
        "#{@service_account}-token"
      end

      def remove_parts
        [
          found { @client.delete_role_binding(binding_name, @namespace) },
          found { @client.delete_secret(secret_name, @namespace) },
          found { @client.delete_service_account(@service_account, @namespace) }
        ].any?
      end
    end
  end
end
