# frozen_string_literal: true

require "gitlab_kube"
require_relative "../../../lib/gitlab_kube/resources"
require_relative "../../support/kube_server"

RSpec.describe GitlabKube::Services::UpdateCanaryIngress do
  let(:status) { 200 }
  let(:server) do
    KubeServer.start do |request|
      next KubeServer.json({ resources: [{ name: "ingresses", kind: "Ingress", namespaced: true }] }) if request.path.end_with?("/v1")

      KubeServer.json({ kind: "Status", message: "s3cret" }, status: status)
    end
  end
  let(:service) { described_class.new(KubeServer.client(server), namespace: "web") }
  let(:canary) { { "metadata" => { "name" => "canary", "annotations" => { GitlabKube::Ingress::CANARY => "true" } } } }

  after { server.stop }

  it "writes the weight as text, by a strategic merge patch" do
    expect(service.execute([{ "metadata" => { "name" => "stable" } }, canary], weight: 25)).to be_success

    request = server.seen.last
    expect([request.verb, request.path]).to eq(["PATCH", "/apis/networking.k8s.io/v1/namespaces/web/ingresses/canary"])
    expect(request.headers["content-type"]).to eq("application/strategic-merge-patch+json")
    expect(JSON.parse(request.body))
      .to eq("metadata" => { "annotations" => { "nginx.ingress.kubernetes.io/canary-weight" => "25" } })
  end

  [nil, "25", -1, 101, 1.5].each do |weight|
    it "asks nothing for the weight #{weight.inspect}", unchecked: !weight.is_a?(Integer) do
      expect(service.execute([canary], weight: weight).message).to eq("Canary weight must be specified and valid range (0..100).")
      expect(server.seen).to be_empty
    end
  end

  it "asks nothing without a canary" do
    expect(service.execute([GitlabKube::Ingress.new], weight: 0).message).to eq("Canary Ingress does not exist in the environment.")
    expect(server.seen).to be_empty
  end

  context "when the cluster refuses" do
    let(:status) { 422 }

    it "says so without the cluster's words" do
      result = service.execute([canary], weight: 0)

      expect([result.error?, result.message, result.http_status]).to eq([true, "Failed to update the Canary Ingress.", :bad_request])
    end
  end
end
