# frozen_string_literal: true

require "securerandom"
require "yaml"
require_relative "../support/cluster"
require_relative "../../../lib/gitlab_kube/resources"

# Every manifest, as Ruby, as YAML, and as the API server keeps it.
RSpec.describe GitlabKube::Manifest, :cluster do
  let(:client) { AcceptanceCluster.client }
  let(:namespace) { AcceptanceCluster.namespace(client) }

  # Kinds of other projects have no place in a bare cluster: these stand for their definitions, and take any fields.
  def define(group, version, kind, plural)
    schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true }
    client.client_for("apiextensions.k8s.io/v1").create_custom_resource_definition(
      metadata: { name: "#{plural}.#{group}" },
      spec: {
        group: group, scope: "Namespaced", names: { kind: kind, plural: plural, singular: kind.downcase, listKind: "#{kind}List" },
        versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: schema } }]
      }
    )
  end

  rules = [{ apiGroups: [""], resources: ["pods"], verbs: %w[get list] }]
  subjects = [{ kind: "ServiceAccount", name: "gitlab", namespace: "default" }]
  policy = { name: "n", selector: { matchLabels: { role: "db" } }, ingress: [{ from: [{ podSelector: {} }] }] }
  # One of each class, for a namespace: apiVersion, what kubeclient calls it, manifest.
  manifests = lambda do |ns|
    [
      ["v1", :namespace, GitlabKube::Namespace.new("#{ns}-more", nil, labels: { "app.gitlab.com/app" => "web" })],
      ["v1", :service_account, GitlabKube::ServiceAccount.new("gitlab", ns)],
      ["v1", :secret, GitlabKube::ServiceAccountToken.new("gitlab-token", "gitlab", ns)],
      ["v1", :secret, GitlabKube::GenericSecret.new("generic", { "ca.pem": "Y2E=" }, ns)],
      ["v1", :secret, GitlabKube::TlsSecret.new("tls", "cert", "key", ns)],
      ["v1", :config_map, GitlabKube::ConfigMap.new(ns, { "values.yaml": "a: 1\nb: \"no\"\n" })],
      ["v1", :config_map, GitlabKube::ConfigMaps::AwsNodeAuth.new("arn:aws:iam::1:role/nodes")],
      ["rbac.authorization.k8s.io/v1", :role, GitlabKube::Role.new(name: "r", namespace: ns, rules: rules)],
      ["rbac.authorization.k8s.io/v1", :cluster_role, GitlabKube::ClusterRole.new(name: ns, rules: rules)],
      ["rbac.authorization.k8s.io/v1", :cluster_role_binding, GitlabKube::ClusterRoleBinding.new(ns, "view", subjects)],
      ["rbac.authorization.k8s.io/v1", :role_binding,
       GitlabKube::RoleBinding.new(name: "b", role_name: "admin", role_kind: :ClusterRole, namespace: ns, service_account_name: "gitlab")],
      ["rbac.authorization.k8s.io/v1", :role_binding, GitlabKube::UserBinding.new(namespace: ns)],
      ["rbac.authorization.k8s.io/v1", :role_binding, GitlabKube::JobBinding.admin(namespace: ns, project_id: 12)],
      ["networking.k8s.io/v1", :network_policy, GitlabKube::NetworkPolicy.new(namespace: ns, **policy)],
      ["networking.k8s.io/v1", :network_policy, GitlabKube::RunnerNetworkPolicy.new(namespace: ns)],
      ["cilium.io/v2", :cilium_network_policy, GitlabKube::CiliumNetworkPolicy.new(namespace: ns, **policy)],
      ["monitoring.coreos.com/v1", :service_monitor,
       GitlabKube::ServiceMonitor.new(name: "web", namespace: ns, selector: { app: "web" }, port: "metrics")]
    ]
  end

  # The server may add fields, and leaves out those that say nothing; it may change none.
  def kept?(said, kept)
    case said
    when nil, [] then true
    when Hash then said.all? { |key, value| kept?(value, kept.to_h[key]) }
    when Array then said.size == kept.size && said.zip(kept).all? { |pair| kept?(*pair) }
    else said == kept
    end
  end

  def plain(resource)
    JSON.parse(JSON.generate(resource.to_h))
  end

  def create(api_version, entity, object)
    client.client_for(api_version).public_send(:"create_#{entity}", object)
  end

  it "is taken by the API server as it was said, for each class, and is the same after YAML" do
    define("cilium.io", "v2", "CiliumNetworkPolicy", "ciliumnetworkpolicies")
    define("monitoring.coreos.com", "v1", "ServiceMonitor", "servicemonitors")
    AcceptanceCluster.eventually do
      %w[cilium.io/v2 monitoring.coreos.com/v1].each { |group| client.client_for(group).discover }
    end

    GitlabKube::Namespace.new("gitlab-managed-apps", client).ensure_exists!
    manifests.call(namespace).each do |api_version, entity, manifest|
      said = plain(manifest.generate)
      from_yaml = YAML.safe_load(YAML.dump(said))
      expect(from_yaml).to eq(said), manifest.class.name
      kept = plain(create(api_version, entity, from_yaml))
      expect(kept?(said, kept)).to be(true), "#{manifest.class}: said #{said}, kept #{kept}"
      expect(YAML.safe_load(YAML.dump(kept))).to eq(kept)
    end
  end

  it "leaves no class out" do
    bases = [GitlabKube::Helm::Pod] # a helm pod is made of a command: spec/acceptance/services/pods_spec.rb
    classes = ObjectSpace.each_object(Class).select { |klass| klass.name && klass.include?(described_class) }

    expect(classes - bases).to match_array(manifests.call("web").map { |_, _, manifest| manifest.class }.uniq)
  end
end
