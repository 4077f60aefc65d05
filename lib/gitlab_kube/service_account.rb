# frozen_string_literal: true

# A service account: who a pod, or GitLab, is to the cluster.

require_relative "manifest"

module GitlabKube
  # @example
  #   GitlabKube::ServiceAccount.new("gitlab", "default").generate
  class ServiceAccount
    include Manifest

    # @return [String]
    attr_reader :name, :namespace_name

    # @param name [String]
    # @param namespace_name [String]
    def initialize(name, namespace_name)
      @name = name
      @namespace_name = namespace_name
    end

    # @return [Resource]
    def generate
      Resource.new(metadata: { name: name, namespace: namespace_name })
    end

    private

    def check
      Names.subdomain(name, "a service account")
      Names.label(namespace_name, "a namespace")
    end
  end
end
