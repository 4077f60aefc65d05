# frozen_string_literal: true

require "gitlab_kube"
require_relative "../../support/kube_server"

RSpec.describe GitlabKube::Services::EnvironmentData do
  let(:log) { StringIO.new }

  def execute(item, served = { "pods" => "Pod", "deployments" => "Deployment", "ingresses" => "Ingress" })
    discovery = { kind: "APIResourceList", resources: served.map { |name, kind| { name: name, kind: kind, namespaced: true } } }
    server = HttpServer.new do |request|
      KubeServer.json(request.path.end_with?("/v1") ? discovery : { kind: "List", items: [item] })
    end
    described_class.new(KubeServer.client(server), namespace: "web", logger: GitlabKube::Logger.new(log)).execute
  ensure
    server.stop
  end

  it "has no ingresses on a cluster whose networking.k8s.io/v1 has none yet, as before Kubernetes 1.19" do
    data = execute({ metadata: { name: "web" } }, { "pods" => "Pod", "deployments" => "Deployment" })
    expect(data.transform_values(&:size)).to eq(pods: 1, deployments: 1, ingresses: 0)
    expect(log.string).to be_empty
  end

  it "is empty where a pod is none, and says so without a word of it", unchecked: true do
    containers = ["MARKER", ["MARKER"]].map { |nonsense| { spec: { containers: nonsense } } }
    [1, nil, "MARKER", [], { metadata: "MARKER" }, *containers].each do |nonsense|
      log.truncate(0)
      expect(execute(nonsense)).to eq(pods: [], deployments: [], ingresses: []), nonsense.inspect
      expect(log.string).to include("kube_connection_error", "InvalidResponseError")
      expect(log.string).not_to include("MARKER")
    end
  end
end
