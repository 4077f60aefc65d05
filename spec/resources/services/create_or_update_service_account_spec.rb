# frozen_string_literal: true

require "gitlab_kube"
require_relative "../../../lib/gitlab_kube/resources"
require_relative "../../support/kube_server"

# Request by request: somebody's stubs, and somebody's audit log, count on it.
RSpec.describe GitlabKube::Services::CreateOrUpdateServiceAccount do
  rbac = "/apis/rbac.authorization.k8s.io/v1"

  def resources(kinds)
    { kind: "APIResourceList", resources: kinds.map { |name, kind, namespaced| { name: name, kind: kind, namespaced: namespaced } } }
  end

  let(:core) { resources([["namespaces", "Namespace", false], ["secrets", "Secret", true], ["serviceaccounts", "ServiceAccount", true]]) }
  let(:rbac_resources) do
    resources([["roles", "Role", true], ["rolebindings", "RoleBinding", true], ["clusterrolebindings", "ClusterRoleBinding", false]])
  end
  let(:present) { [] }
  let(:server) do
    KubeServer.start(discovery: core) do |request|
      next KubeServer.json(rbac_resources) if request.path == rbac
      next KubeServer.json({ kind: "Status", code: 404, reason: "NotFound" }, status: 404) if missing?(request)

      KubeServer.json({ metadata: { name: "x" } })
    end
  end
  let(:client) { KubeServer.client(server) }
  let(:sequence) { server.seen.reject { |request| ["/api/v1", rbac].include?(request.path) }.map { |r| "#{r.verb} #{r.path}" } }

  after { server.stop }

  def missing?(request)
    %w[GET DELETE].include?(request.verb) && !present.include?(request.path)
  end

  def bodies
    server.seen.select(&:body).to_h { |request| [request.path, JSON.parse(request.body)] }
  end

  describe ".gitlab_creator" do
    let(:account) { "/api/v1/namespaces/default/serviceaccounts" }
    let(:secret) { "/api/v1/namespaces/default/secrets" }

    it "creates what is missing and binds it to cluster-admin" do
      described_class.gitlab_creator(client, rbac: true).execute

      expect(sequence).to eq(
        ["GET #{account}/gitlab", "POST #{account}", "GET #{secret}/gitlab-token", "POST #{secret}",
         "PUT #{rbac}/clusterrolebindings/gitlab-admin"]
      )
      expect(bodies["#{rbac}/clusterrolebindings/gitlab-admin"]).to eq(
        "metadata" => { "name" => "gitlab-admin" },
        "roleRef" => { "apiGroup" => "rbac.authorization.k8s.io", "kind" => "ClusterRole", "name" => "cluster-admin" },
        "subjects" => [{ "kind" => "ServiceAccount", "name" => "gitlab", "namespace" => "default" }]
      )
    end

    it "updates what is there, and binds nothing without RBAC" do
      present.push("#{account}/gitlab", "#{secret}/gitlab-token")
      described_class.gitlab_creator(client, rbac: false).execute

      expect(sequence).to eq(["GET #{account}/gitlab", "PUT #{account}/gitlab", "GET #{secret}/gitlab-token", "PUT #{secret}/gitlab-token"])
    end
  end

  describe ".namespace_creator" do
    it "makes namespace, account, token, bindings and roles, in GitLab's order" do
      described_class.namespace_creator(
        client, service_account_name: "web-sa", service_account_namespace: "web", rbac: true,
                service_account_namespace_labels: { "app.gitlab.com/app" => "group-web" }
      ).execute
      in_web = "#{rbac}/namespaces/web"

      expect(sequence).to eq(
        ["GET /api/v1/namespaces/web", "POST /api/v1/namespaces",
         "GET /api/v1/namespaces/web/serviceaccounts/web-sa", "POST /api/v1/namespaces/web/serviceaccounts",
         "GET /api/v1/namespaces/web/secrets/web-token", "POST /api/v1/namespaces/web/secrets",
         "DELETE #{in_web}/rolebindings/gitlab-web", "PUT #{in_web}/rolebindings/gitlab-web",
         "PUT #{in_web}/roles/gitlab-knative-serving-role", "PUT #{in_web}/rolebindings/gitlab-knative-serving-rolebinding",
         "PUT #{in_web}/roles/gitlab-crossplane-database-role", "PUT #{in_web}/rolebindings/gitlab-crossplane-database-rolebinding"]
      )
      expect(bodies["/api/v1/namespaces"]["metadata"]).to eq("name" => "web", "labels" => { "app.gitlab.com/app" => "group-web" })
      knative = {
        "apiGroups" => ["serving.knative.dev"],
        "resources" => %w[configurations configurationgenerations routes revisions revisionuids autoscalers services],
        "verbs" => %w[get list create update delete patch watch]
      }
      expect(bodies["#{in_web}/roles/gitlab-knative-serving-role"]["rules"]).to eq([knative])
      crossplane = {
        "apiGroups" => ["database.crossplane.io"], "resources" => ["postgresqlinstances"], "verbs" => %w[get list create watch]
      }
      expect(bodies["#{in_web}/roles/gitlab-crossplane-database-role"]["rules"]).to eq([crossplane])
    end

    it "asks nothing for an account Kubernetes would refuse, once its namespace is there" do
      present << "/api/v1/namespaces/web"
      service = described_class.namespace_creator(client, service_account_name: "Web_SA", service_account_namespace: "web", rbac: true)

      expect { service.execute }.to raise_error(GitlabKube::InvalidArgumentError)
      expect(sequence).to eq(["GET /api/v1/namespaces/web"])
    end
  end
end
