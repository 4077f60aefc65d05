# frozen_string_literal: true

require_relative "support/cluster"

# The groups of others that GitLab uses, under the names that kubeclient gives their kinds: where its two lines differ, under both.
RSpec.describe GitlabKube::SubClient, :cluster do
  kinds = [
    [:istio, %w[networking.istio.io v1alpha3 Gateway gateways], { "gateway" => "gateways" }],
    [:istio, %w[networking.istio.io v1alpha3 VirtualService virtualservices], { "virtual_service" => "virtual_services" }],
    [:knative, %w[serving.knative.dev v1alpha1 Service services], { "service" => "services" }],
    [:cilium_networking, %w[cilium.io v2 CiliumNetworkPolicy ciliumnetworkpolicies],
     { "cilium_network_policy" => "cilium_network_policies" }],
    [:cilium_networking, %w[cilium.io v2 CiliumBGPPeeringPolicy ciliumbgppeeringpolicies],
     { "cilium_bgppeering_policy" => "cilium_bgppeering_policies", "cilium_bgp_peering_policy" => "cilium_bgp_peering_policies" }]
  ]

  cluster = nil
  namespace = "default"

  # One of its own: other specs define some of these kinds as they need them.
  before(:context) do
    cluster = TestCluster.start(nodes: 0, controllers: "")
    extensions = patient(cluster).apiextensions_client
    kinds.each do |_, facts, _|
      made = extensions.create_custom_resource_definition(definition(*facts))
      extensions.wait_for("customresourcedefinitions", made.metadata.name, condition: "Established")
    end
  end

  after(:context) { cluster&.stop }

  def definition(group, version, kind, plural)
    schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } }
    { metadata: { name: "#{plural}.#{group}" },
      spec: { group: group, scope: "Namespaced", names: { kind: kind, plural: plural },
              versions: [{ name: version, served: true, storage: true, schema: schema }] } }
  end

  # The storage of a new kind answers 429 for a moment.
  def patient(cluster)
    GitlabKube::KubeClient.for_operator(cluster.server, ssl_options: cluster.ssl_options, retries: 10)
  end

  kinds.each do |client, (group, version, kind), names|
    names.each do |one, several|
      it "makes, lists, changes and deletes a #{kind} of #{group} as a #{one}" do
        sub_client = patient(cluster).public_send(:"#{client}_client")
        made = sub_client.public_send(:"create_#{one}", { metadata: { name: "a", namespace: namespace }, spec: { a: 1 } })
        expect([made.apiVersion, made.kind]).to eq(["#{group}/#{version}", kind])
        sub_client.public_send(:"merge_patch_#{one}", "a", { spec: { a: 2 } }, namespace)
        expect(sub_client.public_send(:"get_#{several}", namespace: namespace).map { |found| found.spec.a }).to eq([2])
        expect(sub_client.public_send(:"get_#{one}", "a", namespace).spec.a).to eq(2)
        sub_client.public_send(:"delete_#{one}", "a", namespace)
        expect(sub_client.public_send(:"get_#{several}", namespace: namespace)).to be_empty
      end
    end
  end
end
