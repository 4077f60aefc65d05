# frozen_string_literal: true

require "gitlab_kube"
require_relative "support/kube_server"

# extensions/v1beta1, which no API server has served since Kubernetes 1.22; old clusters live long.
RSpec.describe "extensions_client" do
  resources = [{ name: "ingresses", kind: "Ingress", namespaced: true, verbs: %w[get list create patch delete] },
               { name: "deployments", kind: "Deployment", namespaced: true, verbs: %w[get list] }]
  answers = Hash.new({ kind: "IngressList", items: [{ metadata: { name: "a" } }] })
  answers["/apis/extensions/v1beta1"] = { kind: "APIResourceList", resources: resources }

  let(:server) { HttpServer.new { |request| KubeServer.json(answers[request.path]) } }

  after { server.stop }

  it "asks the group for its ingresses and deployments" do
    client = KubeServer.client(server).extensions_client
    expect(client.get_ingresses(namespace: "web").map { |ingress| ingress.metadata.name }).to eq(%w[a])
    client.get_deployments
    client.create_ingress(metadata: { name: "b", namespace: "web" })
    seen = server.seen
    expect(seen.map(&:path)).to eq(["/apis/extensions/v1beta1", "/apis/extensions/v1beta1/namespaces/web/ingresses",
                                    "/apis/extensions/v1beta1/deployments", "/apis/extensions/v1beta1/namespaces/web/ingresses"])
    expect(JSON.parse(seen.last.body)).to include("apiVersion" => "extensions/v1beta1", "kind" => "Ingress")
  end
end
