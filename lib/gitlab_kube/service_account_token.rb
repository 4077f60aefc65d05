# frozen_string_literal: true

# A Secret that the cluster fills with a long-lived token of a service account.

require_relative "manifest"

module GitlabKube
  # @example
  #   GitlabKube::ServiceAccountToken.new("gitlab-token", "gitlab", "default").generate
  class ServiceAccountToken
    include Manifest

    # Tells the cluster to fill it.
    TYPE = "kubernetes.io/service-account-token"
    # Tells it for whom.
    ACCOUNT_ANNOTATION = "kubernetes.io/service-account.name"

    # @return [String]
    attr_reader :name, :service_account_name, :namespace_name

    # @param name [String] of the Secret
    # @param service_account_name [String] whose token it is to hold
    # @param namespace_name [String]
    def initialize(name, service_account_name, namespace_name)
      @name = name
      @service_account_name = service_account_name
      @namespace_name = namespace_name
    end

    # @return [Resource]
    def generate
      Resource.new(
        metadata: { name: name, namespace: namespace_name, annotations: { ACCOUNT_ANNOTATION => service_account_name } },
        type: TYPE
      )
    end

    private

    def check
      Names.subdomain(name, "a secret")
      Names.subdomain(service_account_name, "a service account")
      Names.label(namespace_name, "a namespace")
    end
  end
end
