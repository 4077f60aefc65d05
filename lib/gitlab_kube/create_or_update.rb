# frozen_string_literal: true

require_relative "resource"

module GitlabKube
  # GitLab's `create_or_update_*`: for bindings a PUT, which creates what is not there; for accounts and secrets a look first.
  # None of them is atomic; server-side apply is ({SubClient#apply}).
  module CreateOrUpdate
    # @param resource [Resource, Hash]
    # @return [Resource]
    def create_or_update_cluster_role_binding(resource)
      update_cluster_role_binding(resource)
    end

    # roleRef cannot be changed: delete the binding first where it may differ.
    # @param resource [Resource, Hash]
    # @return [Resource]
    def create_or_update_role_binding(resource)
      update_role_binding(resource)
    end

    # @param resource [Resource, Hash]
    # @return [Resource]
    def create_or_update_service_account(resource)
      service_account_exists?(resource) ? update_service_account(resource) : create_service_account(resource)
    end

    # @param resource [Resource, Hash]
    # @return [Resource]
    def create_or_update_secret(resource)
      secret_exists?(resource) ? update_secret(resource) : create_secret(resource)
    end

    private

    def service_account_exists?(resource)
      get_service_account(*place(resource))
    rescue ResourceNotFoundError
      false
    end

    def secret_exists?(resource)
      get_secret(*place(resource))
    rescue ResourceNotFoundError
      false
    end

    # A Hash has no methods for its fields, and what Ruby says then would quote them all.
    def place(resource)
      metadata = Resource.new(resource).metadata
      [metadata&.name, metadata&.namespace]
    end
  end
end
