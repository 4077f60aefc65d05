# frozen_string_literal: true

# What Kubernetes' and Cilium's network policies have in common.

require_relative "manifest"
require_relative "plain_yaml"

module GitlabKube
  # A policy of GitLab's list: it can be shown, and switched off and on.
  module NetworkPolicyCommon
    include Manifest

    # A policy that asks for this label selects no pod: no pod has it.
    DISABLED_BY_LABEL = :"network-policy.gitlab.com/disabled_by"

    # Reading a policy back.
    module Reading
      # @param manifest [String, nil] YAML
      # @return [NetworkPolicyCommon, nil] nil unless it has metadata and a spec, and only YAML's plain types
      def from_yaml(manifest)
        return unless manifest

        policy = PlainYaml.load(manifest, symbolize_names: true)
        build(policy, policy[:metadata], policy[:spec]) if policy.is_a?(Hash) && policy[:metadata] && policy[:spec]
      rescue Psych::Exception
        nil
      end

      # @param resource [Resource, nil]
      # @param environment_ids [Array<Integer>]
      # @return [NetworkPolicyCommon, nil] nil unless it has metadata and a spec
      def from_resource(resource, environment_ids = [])
        return unless resource && resource[:metadata] && resource[:spec]

        build(resource, resource[:metadata].to_h, resource[:spec].to_h, environment_ids: environment_ids)
      end
    end

    # @return [Resource]
    def generate
      Resource.new(resource)
    end

    # @param _options [Hash, nil] as ActiveSupport passes them
    # @return [Hash{Symbol => Object}] for the policy list
    def as_json(_options = nil)
      {
        name: name, namespace: namespace, creation_timestamp: creation_timestamp, manifest: manifest,
        is_autodevops: autodevops?, is_enabled: enabled?, environment_ids: environment_ids
      }
    end

    # @return [Boolean] whether Auto DevOps' chart made it
    def autodevops?
      labels ? labels[:chart].to_s.start_with?("auto-deploy-app-") : false
    end

    # @return [Boolean] whether it can select any pod
    def enabled?
      !selector&.dig(:matchLabels)&.key?(DISABLED_BY_LABEL)
    end

    # @return [void]
    def enable
      selector[:matchLabels].delete(DISABLED_BY_LABEL) unless enabled?
    end

    # @return [void]
    def disable
      (selector[:matchLabels] ||= {})[DISABLED_BY_LABEL] = "gitlab"
    end

    private

    # YAML of plain, String-keyed Hashes.
    def manifest
      Psych.dump(generate.as_json)
    end

    def check
      Names.subdomain(name, "a network policy")
      Names.label(namespace, "a namespace")
      Names.labels(labels)
      Names.labels(selector&.dig(:matchLabels))
    end
  end
end
