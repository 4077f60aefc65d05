# frozen_string_literal: true

require_relative "../../lib/gitlab_kube/resources"

# The exact object each class builds: keys, their order, and types.
RSpec.describe GitlabKube::Manifest do
  rbac = "rbac.authorization.k8s.io"
  policies = { selector: { matchLabels: { role: "db" } }, ingress: [{ from: [{ podSelector: {} }] }] }

  {
    GitlabKube::ServiceAccount.new("gitlab", "default") => { metadata: { name: "gitlab", namespace: "default" } },
    GitlabKube::ServiceAccountToken.new("gitlab-token", "gitlab", "default") => {
      metadata: { name: "gitlab-token", namespace: "default", annotations: { "kubernetes.io/service-account.name": "gitlab" } },
      type: "kubernetes.io/service-account-token"
    },
    GitlabKube::Role.new(name: "r", namespace: "web", rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }]) => {
      metadata: { name: "r", namespace: "web" }, rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }]
    },
    GitlabKube::ClusterRole.new(name: "system:r", rules: []) => { metadata: { name: "system:r" }, rules: [] },
    GitlabKube::RoleBinding.new(
      name: "gitlab-web", role_name: "admin", role_kind: :ClusterRole, namespace: "web", service_account_name: "sa"
    ) => {
      metadata: { name: "gitlab-web", namespace: "web" },
      roleRef: { apiGroup: rbac, kind: :ClusterRole, name: "admin" },
      subjects: [{ kind: "ServiceAccount", name: "sa", namespace: "web" }]
    },
    GitlabKube::ClusterRoleBinding.new(
      "gitlab-admin", "cluster-admin", [{ kind: "ServiceAccount", name: "gitlab", namespace: "default" }]
    ) => {
      metadata: { name: "gitlab-admin" },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name: "gitlab", namespace: "default" }]
    },
    GitlabKube::UserBinding.new(namespace: "web") => {
      metadata: { name: "gitlab-user-view", namespace: "web" },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "view" },
      subjects: [{ apiGroup: rbac, kind: "Group", name: "gitlab:user" }]
    },
    GitlabKube::UserBinding.new(name: "ada", cluster_role_name: "edit", subject: "gitlab:user:ada") => {
      metadata: { name: "ada" },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "edit" },
      subjects: [{ apiGroup: rbac, kind: "User", name: "gitlab:user:ada" }]
    },
    GitlabKube::JobBinding.admin(namespace: "web", project_id: 12, environment_slug: "production") => {
      metadata: { name: "ci-job-admin", namespace: "web" },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "admin" },
      subjects: [{ apiGroup: rbac, kind: "Group", name: "gitlab:project_env:12:production" }]
    },
    GitlabKube::JobBinding.view(namespace: "web") => {
      metadata: { name: "ci-job-view", namespace: "web" },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "view" },
      subjects: [{ apiGroup: rbac, kind: "Group", name: "gitlab:ci_job" }]
    },
    GitlabKube::GenericSecret.new("s", { "ca.pem": "Y2E=" }, "istio-system") => {
      type: "Opaque", metadata: { name: "s", namespace: "istio-system" }, data: { "ca.pem": "Y2E=" }
    },
    GitlabKube::TlsSecret.new("s", "cert", "key", "istio-system") => {
      type: "kubernetes.io/tls", metadata: { name: "s", namespace: "istio-system" }, data: { "tls.crt": "Y2VydA==", "tls.key": "a2V5" }
    },
    GitlabKube::ConfigMap.new("ingress", { "values.yaml": "a: 1" }) => {
      metadata: {
        name: "values-content-configuration-ingress", namespace: "gitlab-managed-apps",
        labels: { name: "values-content-configuration-ingress" }
      },
      data: { "values.yaml": "a: 1" }
    },
    GitlabKube::ConfigMaps::AwsNodeAuth.new("arn:aws:iam::1:role/nodes") => {
      metadata: { name: "aws-auth", namespace: "kube-system" },
      data: {
        mapRoles: "---\n- rolearn: arn:aws:iam::1:role/nodes\n  username: system:node:{{EC2PrivateDNSName}}\n  " \
                  "groups:\n  - system:bootstrappers\n  - system:nodes\n"
      }
    },
    GitlabKube::NetworkPolicy.new(name: "n", namespace: "web", labels: { app: "x" }, **policies) => {
      kind: "NetworkPolicy", metadata: { name: "n", namespace: "web", labels: { app: "x" } },
      spec: {
        podSelector: { matchLabels: { role: "db" } }, policyTypes: ["Ingress"], ingress: [{ from: [{ podSelector: {} }] }], egress: nil
      }
    },
    GitlabKube::CiliumNetworkPolicy.new(name: "n", namespace: "web", description: "d", resource_version: 7, **policies) => {
      apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy", metadata: { name: "n", namespace: "web", resourceVersion: 7 },
      spec: { endpointSelector: { matchLabels: { role: "db" } }, ingress: [{ from: [{ podSelector: {} }] }] }, description: "d"
    },
    GitlabKube::RunnerNetworkPolicy.new(namespace: "runner", selector: { matchLabels: { pod: "job" } }) => {
      metadata: { name: "runner-jobs", namespace: "runner" },
      spec: {
        podSelector: { matchLabels: { pod: "job" } }, policyTypes: %w[Ingress Egress], ingress: [],
        egress: [{ ports: [
          { protocol: "UDP", port: 53 }, { protocol: "TCP", port: 53 }, { protocol: "TCP", port: 443 }, { protocol: "TCP", port: 5000 }
        ] }]
      }
    },
    GitlabKube::ServiceMonitor.new(name: "web", namespace: "production", selector: { app: "web" }, port: "metrics") => {
      apiVersion: "monitoring.coreos.com/v1", kind: "ServiceMonitor", metadata: { name: "web", namespace: "production" },
      spec: { selector: { matchLabels: { app: "web" } }, endpoints: [{ port: "metrics", path: "/metrics", interval: "30s" }] }
    },
    GitlabKube::Namespace.new("web", nil) => { metadata: { name: "web", labels: nil } }
  }.each do |manifest, expected|
    describe manifest.class do
      it "generates exactly its object" do
        expect(manifest.generate.to_h).to eq(expected)
        expect(deep_keys(manifest.generate.to_h)).to eq(deep_keys(expected))
      end

      it "passes its own check and then becomes a Hash" do
        expect(manifest.to_hash).to eq(expected)
        expect(GitlabKube::Resource.new(manifest)).to eq(manifest.generate)
      end

      it "shows nothing it holds" do
        expect(manifest.inspect).to eq("#<#{manifest.class}>")
      end
    end
  end

  # Hash#== does not care for order; a reader of a diff does.
  def deep_keys(value)
    case value
    when Hash then value.map { |key, field| [key, deep_keys(field)] }
    when Array then value.map { |item| deep_keys(item) }
    end
  end

  describe "#validate!" do
    {
      "a namespace with an underscore" => -> { GitlabKube::ServiceAccount.new("gitlab", "a_namespace") },
      "a namespace of 64 characters" => -> { GitlabKube::Namespace.new("n" * 64, nil) },
      "a name with a slash" => -> { GitlabKube::ServiceAccountToken.new("a/b", "gitlab", "default") },
      "a name with a trailing newline" => -> { GitlabKube::ServiceAccount.new("gitlab\n", "default") },
      "a role binding to a user" => lambda {
        GitlabKube::RoleBinding.new(name: "b", role_name: "r", role_kind: "User", namespace: "n", service_account_name: "s")
      },
      "a role named .." => -> { GitlabKube::Role.new(name: "..", namespace: "web", rules: []) },
      "a secret whose data is text" => -> { GitlabKube::GenericSecret.new("s", "data", "web") },
      "a secret whose key starts with two dots" => -> { GitlabKube::GenericSecret.new("s", { "..a" => "" }, "web") },
      "a label with a space" => -> { GitlabKube::Namespace.new("web", nil, labels: { app: "a b" }) },
      "an annotation with two slashes" => lambda {
        GitlabKube::CiliumNetworkPolicy.new(name: "n", namespace: "w", selector: {}, ingress: [], annotations: { "a/b/c": "" })
      },
      "a selector Kubernetes cannot have" => lambda {
        GitlabKube::NetworkPolicy.new(name: "n", namespace: "w", selector: { matchLabels: { "-a": "b" } }, ingress: [])
      },
      "an interval that is no duration" => lambda {
        GitlabKube::ServiceMonitor.new(name: "n", namespace: "w", selector: {}, port: "p", interval: "soon")
      },
      "an ARN that is none" => -> { GitlabKube::ConfigMaps::AwsNodeAuth.new("role/nodes") },
      "a project id that is text" => -> { GitlabKube::JobBinding.view(namespace: "web", project_id: "12:admin") },
      "a binding for somebody outside GitLab" => -> { GitlabKube::UserBinding.new(namespace: "web", subject: "system:masters") }
    }.each do |what, build|
      it "refuses #{what}, which generate would still build", unchecked: what.end_with?("is text") do
        expect { build.call.validate! }.to raise_error(GitlabKube::InvalidArgumentError)
        expect { build.call.to_hash }.to raise_error(ArgumentError)
        expect(build.call.generate).to be_a(GitlabKube::Resource)
      end
    end

    it "does not repeat the value in its words" do
      expect { GitlabKube::ServiceAccount.new("<script>", "default").validate! }
        .to raise_error(GitlabKube::InvalidArgumentError) { |error| expect(error.message).not_to include("script") }
    end
  end

  it "needs a project for an environment's jobs" do
    expect { GitlabKube::JobBinding.admin(namespace: "web", environment_slug: "production") }
      .to raise_error(ArgumentError, "an environment's jobs need a project_id")
  end
end
