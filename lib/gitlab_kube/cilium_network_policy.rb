# frozen_string_literal: true

# Who may talk to the pods of a namespace, in Cilium's words.

require_relative "network_policy_common"

module GitlabKube
  # @example
  #   GitlabKube::CiliumNetworkPolicy.new(
  #     name: "db", namespace: "production", selector: { matchLabels: { role: "db" } },
  #     ingress: [{ fromEndpoints: [{ matchLabels: { role: "web" } }] }]
  #   ).generate
  class CiliumNetworkPolicy
    include NetworkPolicyCommon
    extend NetworkPolicyCommon::Reading

    # Cilium's group and version.
    API_VERSION = "cilium.io/v2"
    # As in the object.
    KIND = "CiliumNetworkPolicy"

    # @return [Object]
    attr_reader :name, :namespace, :description, :selector, :ingress, :egress, :labels, :annotations, :resource_version,
                :creation_timestamp, :environment_ids

    # @param name [String]
    # @param namespace [String]
    # @param selector [Hash] of endpoints
    # @param ingress [Array<Hash>, nil]
    # @param egress [Array<Hash>, nil]
    # @param description [String, nil]
    # @param labels [Hash, nil]
    # @param annotations [Hash, nil]
    # @param resource_version [String, Integer, nil] the version an update replaces
    # @param creation_timestamp [String, nil]
    # @param environment_ids [Array<Integer>]
    def initialize(name:, namespace:, selector:, ingress:, egress: nil, description: nil, labels: nil, annotations: nil,
                   resource_version: nil, creation_timestamp: nil, environment_ids: [])
      @name = name
      @namespace = namespace
      @selector = selector
      @ingress = ingress
      @egress = egress
      @description = description
      @labels = labels
      @annotations = annotations
      @resource_version = resource_version
      @creation_timestamp = creation_timestamp
      @environment_ids = environment_ids
    end

    def self.build(policy, metadata, spec, environment_ids: [])
      new(
        name: metadata[:name], namespace: metadata[:namespace], description: policy[:description], labels: metadata[:labels],
        annotations: metadata[:annotations], resource_version: metadata[:resourceVersion],
        creation_timestamp: metadata[:creationTimestamp], environment_ids: environment_ids,
        selector: spec[:endpointSelector], ingress: spec[:ingress], egress: spec[:egress]
      )
    end
    private_class_method :build

    # @return [Hash{Symbol => Object}]
    def resource
      {
        apiVersion: API_VERSION, kind: KIND, metadata: metadata,
        spec: { endpointSelector: selector, ingress: ingress, egress: egress }.compact,
        description: description
      }.compact
    end

    private

    def metadata
      { name: name, namespace: namespace, labels: labels, resourceVersion: resource_version, annotations: annotations }.compact
    end

    def check
      super
      Names.annotations(annotations)
    end
  end
end
