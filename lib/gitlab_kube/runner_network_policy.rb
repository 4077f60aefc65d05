# frozen_string_literal: true

# What the pods of CI jobs may talk to.

require_relative "manifest"

module GitlabKube
  # Nobody may talk to a job. A job may ask for names (53), use HTTPS (443) and pull from a registry (5000).
  #
  # @example
  #   GitlabKube::RunnerNetworkPolicy.new(namespace: "gitlab-runner", selector: { matchLabels: { pod: "job" } }).generate
  class RunnerNetworkPolicy
    include Manifest

    # Protocol and port, one row each.
    EGRESS = [["UDP", 53], ["TCP", 53], ["TCP", 443], ["TCP", 5000]].freeze

    # @param namespace [String] where the jobs run
    # @param name [String]
    # @param selector [Hash] of the jobs' pods; an empty one selects all in the namespace
    def initialize(namespace:, name: "runner-jobs", selector: {})
      @namespace = namespace
      @name = name
      @selector = selector
    end

    # @return [Resource]
    def generate
      Resource.new(
        metadata: { name: name, namespace: namespace },
        spec: { podSelector: selector, policyTypes: %w[Ingress Egress], ingress: [], egress: [{ ports: ports }] }
      )
    end

    private

    attr_reader :namespace, :name, :selector

    def ports
      EGRESS.map { |protocol, port| { protocol: protocol, port: port } }
    end

    def check
      Names.subdomain(name, "a network policy")
      Names.label(namespace, "a namespace")
      Names.labels(selector[:matchLabels])
    end
  end
end
