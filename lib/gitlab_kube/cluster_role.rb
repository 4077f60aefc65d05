# frozen_string_literal: true

# What may be done in the whole cluster.

require_relative "manifest"

module GitlabKube
  # @example
  #   GitlabKube::ClusterRole.new(name: "reader", rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get"] }]).generate
  class ClusterRole
    include Manifest

    # @return [Object]
    attr_reader :name, :rules

    # @param name [String]
    # @param rules [Array<Hash>]
    def initialize(name:, rules:)
      @name = name
      @rules = rules
    end

    # @return [Resource]
    def generate
      Resource.new(metadata: { name: name }, rules: rules)
    end

    private

    def check
      Names.path_segment(name, "a cluster role")
    end
  end
end
