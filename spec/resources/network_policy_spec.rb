# frozen_string_literal: true

require_relative "../../lib/gitlab_kube/network_policy"
require_relative "../../lib/gitlab_kube/cilium_network_policy"

RSpec.describe GitlabKube::NetworkPolicyCommon do
  shared_examples "a network policy" do
    let(:yaml) { <<~YAML }
      kind: #{described_class::KIND}
      metadata:
        name: db
        namespace: production
        labels:
          chart: auto-deploy-app-2.0
      spec:
        #{selector_key}:
          matchLabels:
            role: db
        ingress: []
    YAML
    let(:policy) { described_class.from_yaml(yaml) }

    it "is read from YAML and generated again" do
      expect(policy.generate.metadata.to_h).to eq(name: "db", namespace: "production", labels: { chart: "auto-deploy-app-2.0" })
      expect(policy.generate.spec[selector_key].to_h).to eq(matchLabels: { role: "db" })
    end

    {
      "nothing" => nil, "what is no YAML" => "\tfoo: bar", "a scalar" => "text",
      "no metadata" => "spec: {}", "no spec" => "metadata: {}",
      "a bare timestamp" => "metadata: {creationTimestamp: 2020-04-14T00:08:30Z}\nspec: {}",
      "an alias" => "metadata: &a {}\nspec: *a"
    }.each { |what, text| it("is nil for #{what}") { expect(described_class.from_yaml(text)).to be_nil } }

    it "is read from a resource, lazily keyed or not" do
      resource = policy.generate
      copy = described_class.from_resource(resource, [1, 2])

      expect(copy.generate).to eq(resource)
      expect(copy.environment_ids).to eq([1, 2])
    end

    it "is nil for a resource without metadata or spec" do
      expect(described_class.from_resource(nil)).to be_nil
      expect(described_class.from_resource(GitlabKube::Resource.new(spec: {}))).to be_nil
      expect(described_class.from_resource(GitlabKube::Resource.new(metadata: {}))).to be_nil
    end

    it "is switched off by a label no pod has, and on again" do
      policy.disable
      expect(policy).not_to be_enabled
      expect(policy.generate.spec[selector_key].matchLabels["network-policy.gitlab.com/disabled_by"]).to eq("gitlab")

      policy.enable
      expect(policy).to be_enabled
      expect(policy.generate.spec[selector_key].matchLabels.to_h).to eq(role: "db")
    end

    it "describes itself for the policy list" do
      list = policy.as_json

      expect(list).to include(name: "db", namespace: "production", is_autodevops: true, is_enabled: true, environment_ids: [])
      expect(Psych.safe_load(list[:manifest])).to eq(policy.generate.as_json)
    end
  end

  describe GitlabKube::NetworkPolicy do
    let(:selector_key) { :podSelector }

    it_behaves_like "a network policy"

    it "selects all pods without a selector, and can be switched off then" do
      policy = described_class.new(name: "n", namespace: "web", selector: nil, ingress: nil)
      expect(policy).to be_enabled
      policy.disable

      expect(policy.generate.spec.podSelector.to_h).to eq(matchLabels: { "network-policy.gitlab.com/disabled_by": "gitlab" })
      expect(policy).not_to be_autodevops
    end
  end

  describe GitlabKube::CiliumNetworkPolicy do
    let(:selector_key) { :endpointSelector }

    it_behaves_like "a network policy"

    it "keeps description, annotations and version of what it was read from" do
      resource = GitlabKube::Resource.new(
        description: "d", metadata: { name: "n", namespace: "w", resourceVersion: "9", annotations: { "app.gitlab.com/alert": "true" } },
        spec: { endpointSelector: {}, ingress: [], egress: nil }
      )

      expect(described_class.from_resource(resource).resource).to eq(
        apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy", description: "d",
        metadata: { name: "n", namespace: "w", resourceVersion: "9", annotations: { "app.gitlab.com/alert": "true" } },
        spec: { endpointSelector: {}, ingress: [] }
      )
    end
  end
end
