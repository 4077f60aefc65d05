# frozen_string_literal: true

# Who may talk to the pods of a namespace, in Kubernetes' own words.

require_relative "network_policy_common"

module GitlabKube
  # @example
  #   GitlabKube::NetworkPolicy.new(
  #     name: "web", namespace: "production", selector: { matchLabels: { app: "web" } }, ingress: [{ from: [{ podSelector: {} }] }]
  #   ).generate
  class NetworkPolicy
    include NetworkPolicyCommon
    extend NetworkPolicyCommon::Reading

    # As in the object.
    KIND = "NetworkPolicy"

    # @return [Object]
    attr_reader :name, :namespace, :labels, :creation_timestamp, :policy_types, :ingress, :egress, :environment_ids

    # @param name [String]
    # @param namespace [String]
    # @param selector [Hash, nil] of pods; nil selects all
    # @param ingress [Array<Hash>, nil]
    # @param labels [Hash, nil]
    # @param creation_timestamp [String, nil]
    # @param policy_types [Array<String>, nil] nil lets the cluster choose by what the policy has
    # @param egress [Array<Hash>, nil]
    # @param environment_ids [Array<Integer>]
    def initialize(name:, namespace:, selector:, ingress:, labels: nil, creation_timestamp: nil, policy_types: ["Ingress"], egress: nil,
                   environment_ids: [])
      @name = name
      @namespace = namespace
      @labels = labels
      @creation_timestamp = creation_timestamp
      @selector = selector
      @policy_types = policy_types
      @ingress = ingress
      @egress = egress
      @environment_ids = environment_ids
    end

    def self.build(_policy, metadata, spec, environment_ids: [])
      new(
        name: metadata[:name], namespace: metadata[:namespace], labels: metadata[:labels],
        creation_timestamp: metadata[:creationTimestamp], environment_ids: environment_ids,
        selector: spec[:podSelector], policy_types: spec[:policyTypes], ingress: spec[:ingress], egress: spec[:egress]
      )
    end
    private_class_method :build

    # @return [Hash{Symbol => Object}]
    def resource
      { kind: KIND, metadata: metadata, spec: { podSelector: selector, policyTypes: policy_types, ingress: ingress, egress: egress } }
    end

    private

    def selector
      @selector ||= {}
    end

    def metadata
      { name: name, namespace: namespace, labels: labels }.compact
    end
  end
end
