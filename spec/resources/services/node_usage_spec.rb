# frozen_string_literal: true

require "gitlab_kube"
require_relative "../../support/kube_server"

RSpec.describe GitlabKube::Services::NodeUsage do
  it "says of nodes and metrics that are none that something is wrong with them, and raises nothing", unchecked: true do
    [1, nil, "x", [], { metadata: "x" }, { metadata: { name: "a" }, status: 5 }, { status: { capacity: 5 } }, { usage: 5 }].each do |item|
      expect(usage_of(item).values).to include(:unknown_error), item.inspect
    end
  end

  def usage_of(item)
    kinds = { kind: "APIResourceList", resources: [{ name: "nodes", kind: "Node", namespaced: false, verbs: %w[list] }] }
    server = KubeServer.start(discovery: kinds) do |request|
      KubeServer.json(request.path.end_with?("/nodes") ? { kind: "List", items: [item] } : kinds)
    end
    described_class.new(KubeServer.client(server), cluster_id: 1).execute
  ensure
    server.stop
  end
end
