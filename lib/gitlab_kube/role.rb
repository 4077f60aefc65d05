# frozen_string_literal: true

# What may be done in one namespace.

require_relative "manifest"

module GitlabKube
  # @example
  #   GitlabKube::Role.new(name: "reader", namespace: "web", rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }]).generate
  class Role
    include Manifest

    # @param name [String]
    # @param namespace [String]
    # @param rules [Array<Hash>]
    def initialize(name:, namespace:, rules:)
      @name = name
      @namespace = namespace
      @rules = rules
    end

    # @return [Resource]
    def generate
      Resource.new(metadata: { name: name, namespace: namespace }, rules: rules)
    end

    private

    attr_reader :name, :namespace, :rules

    def check
      Names.path_segment(name, "a role")
      Names.label(namespace, "a namespace")
    end
  end
end
