# frozen_string_literal: true

# The door of GitLab's names.
require_relative "../rails_shaped/application"
require "open3"

RSpec.describe "gitlab_kube/gitlab" do
  def ruby(*lines)
    Open3.capture3(RbConfig.ruby, "-I", File.expand_path("../../../lib", __dir__), "-e", lines.join("\n"))
  end

  %i[
    KubeClient Namespace Node Pod Deployment Ingress RolloutStatus RolloutInstances ServiceAccount ServiceAccountToken ClusterRole
    ClusterRoleBinding Role RoleBinding GenericSecret TlsSecret ConfigMap ConfigMaps DefaultNamespace NetworkPolicy NetworkPolicyCommon
    CiliumNetworkPolicy
    Kubeconfig Helm Logger PodCmd KubectlCmd
  ].each do |name|
    it "knows #{name} as Gitlab::Kubernetes::#{name}" do
      expect(Gitlab::Kubernetes.const_get(name, false)).to equal GitlabKube.const_get(name, false)
    end
  end

  it "has the errors that mean a cluster cannot be reached" do
    expect(Gitlab::Kubernetes::Errors::CONNECTION).to include(SocketError, Errno::ECONNREFUSED, Net::ReadTimeout)
    expect(Gitlab::Kubernetes::Errors::AUTHENTICATION).to eq [OpenSSL::X509::CertificateError]
  end

  it "brings nothing that GitLab does not have" do
    expect(Gitlab::Kubernetes.constants(false)).not_to include(:Kubernetes, :SubClient, :Report, :InternalError)
  end

  it "can be mixed in as GitLab does" do
    model = Class.new { include Gitlab::Kubernetes }.new
    expect(model.container_exec_url("https://a", "b", "c", "d")).to start_with("wss://a/api/v1/namespaces/b/pods/c/exec?container=d")
  end

  it "leaves the application's own constants where this gem has none" do
    output, errors, status = ruby("module Gitlab; module Kubernetes; OWN = 1; end; end", 'require "gitlab_kube/gitlab"',
                                  "p Gitlab::Kubernetes::OWN")
    expect(status).to be_success, errors
    expect(output.strip).to eq "1"
  end

  it "refuses to stand beside the application's own copy, by name" do
    _, errors, status = ruby("module Gitlab; module Kubernetes; class KubeClient; end; end; end", 'require "gitlab_kube/gitlab"')
    expect(status).not_to be_success
    expect(errors).to include("Gitlab::Kubernetes::KubeClient")
  end

  it "does not load an application's copy to find out" do
    _, errors, status = ruby(
      "module Gitlab; module Kubernetes; autoload :KubeClient, '/no/such/file'; end; end", 'require "gitlab_kube/gitlab"'
    )
    expect(status).not_to be_success
    expect(errors).to include("Gitlab::Kubernetes::KubeClient of its own")
  end
end
