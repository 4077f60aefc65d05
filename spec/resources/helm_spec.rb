# frozen_string_literal: true

require "open3"
require_relative "../../lib/gitlab_kube/resources"

RSpec.describe GitlabKube::Helm do
  base = { name: "ingress", rbac: true, files: { "values.yaml": "a: 1", "ca.pem": "PEM" } }
  target = "--namespace gitlab-managed-apps -f /data/helm/ingress/config/values.yaml"

  describe GitlabKube::Helm::V3::InstallCommand do
    subject(:command) { described_class.new(chart: "stable/nginx", version: "1.2.3", repository: "https://charts.example.com", **base) }

    it "adds the repository, then installs or upgrades as a whole" do
      expect(command.generate_script).to eq(<<~SHELL)
        set -xeo pipefail
        helm repo add ingress https://charts.example.com
        helm repo update
        helm upgrade ingress stable/nginx --install --atomic --cleanup-on-fail --reset-values --version 1.2.3 --set rbac.create\\=true,rbac.enabled\\=true #{target}
      SHELL
    end

    it "needs neither version nor repository nor RBAC, and runs what comes before and after" do
      around = { preinstall: ["/bin/date"], postinstall: ["/bin/false\n"] }
      plain = described_class.new(chart: "c", name: "ingress", rbac: false, files: {}, **around)

      expect(plain.generate_script).to eq(<<~SHELL)
        set -xeo pipefail
        /bin/date
        helm upgrade ingress c --install --atomic --cleanup-on-fail --reset-values --set rbac.create\\=false,rbac.enabled\\=false #{target}
        /bin/false
      SHELL
      expect([plain.service_account_resource, plain.cluster_role_binding_resource]).to eq([nil, nil])
    end

    it "quotes a name that is shell" do
      expect(described_class.new(chart: "c; rm -rf /", **base).generate_script).to include("upgrade ingress c\\;\\ rm\\ -rf\\ / --install")
    end

    it "has an account that may do everything" do
      expect(command.service_account_resource.to_h).to eq(metadata: { name: "tiller", namespace: "gitlab-managed-apps" })
      expect(command.cluster_role_binding_resource.to_h).to eq(
        metadata: { name: "tiller-admin" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ kind: "ServiceAccount", name: "tiller", namespace: "gitlab-managed-apps" }]
      )
    end

    it "runs in a pod that mounts its files" do
      expect(command.pod_resource.to_h).to eq(
        metadata: {
          name: "install-ingress", namespace: "gitlab-managed-apps",
          labels: { "gitlab.org/action": "install", "gitlab.org/application": "ingress" }
        },
        spec: {
          containers: [{
            name: "helm",
            image: "registry.gitlab.com/gitlab-org/cluster-integration/helm-install-image/releases/3.2.4-kube-1.13.12-alpine-3.12",
            env: [{ name: :HELM_VERSION, value: "3.2.4" }, { name: :COMMAND_SCRIPT, value: command.generate_script }],
            command: ["/bin/sh"], args: ["-c", "$(COMMAND_SCRIPT)"],
            volumeMounts: [{ name: "configuration-volume", mountPath: "/data/helm/ingress/config" }]
          }],
          restartPolicy: "Never",
          volumes: [{
            name: "configuration-volume",
            configMap: {
              name: "values-content-configuration-ingress",
              items: [{ key: :"values.yaml", path: :"values.yaml" }, { key: :"ca.pem", path: :"ca.pem" }]
            }
          }],
          serviceAccountName: "tiller"
        }
      )
    end

    it "shows no file's content" do
      expect(command.inspect).to eq("#<GitlabKube::Helm::V3::InstallCommand ingress>")
    end
  end

  describe GitlabKube::Helm::V3::PatchCommand do
    it "keeps the values it does not name" do
      expect(described_class.new(chart: "c", version: "1", **base).generate_script)
        .to eq("set -xeo pipefail\nhelm upgrade ingress c --reuse-values --version 1 #{target}\n")
    end

    it "needs a version" do
      expect { described_class.new(chart: "c", version: " ", **base) }.to raise_error(ArgumentError, "version is required")
    end
  end

  describe GitlabKube::Helm::V3::DeleteCommand do
    it "uninstalls in a pod of its own name" do
      command = described_class.new(predelete: ["/bin/date"], **base)

      expect(command.generate_script).to eq("set -xeo pipefail\n/bin/date\nhelm uninstall ingress --namespace gitlab-managed-apps\n")
      expect(command.pod_name).to eq("uninstall-ingress")
    end
  end

  describe GitlabKube::Helm::Parsers::ListV2 do
    it "answers the releases" do
      expect(described_class.new('{"Releases":[{"Name":"ingress"}]}').releases).to eq([{ "Name" => "ingress" }])
      expect(described_class.new("{}").releases).to eq([])
    end

    {
      "" => "Invalid JSON", "[]" => "Invalid JSON", "{" => "Invalid JSON",
      '{"Releases":["x"]}' => "Invalid format for Releases", '{"Releases":{"a":1}}' => "Invalid format for Releases"
    }.each do |text, words|
      it("refuses #{text.inspect}") { expect { described_class.new(text) }.to raise_error(described_class::ParserError, words) }
    end
  end

  describe GitlabKube::KubectlCmd do
    it "quotes every argument" do
      expect(described_class.delete("configmap", "a b")).to eq("kubectl delete configmap a\\ b")
      expect(described_class.apply_file("f.yaml", "--v")).to eq("kubectl apply -f f.yaml --v")
      expect(described_class.delete_crds_from_group("foo"))
        .to eq("kubectl api-resources -o name --api-group foo | xargs kubectl delete --ignore-not-found crd")
    end

    it "needs a file" do
      expect { described_class.apply_file(" ") }.to raise_error(ArgumentError, "filename is not present")
    end
  end

  describe GitlabKube::PodCmd do
    it "ends with the command's own exit code, having tried as often as told" do
      script = described_class.retry_command("(echo try; exit 7)", times: 2).sub("sleep 1s", "true")
      out, status = Open3.capture2("sh", "-c", script)

      expect([out.lines.grep(/\Atry$/).size, status.exitstatus]).to eq([2, 7])
    end
  end
end
