# frozen_string_literal: true

require "gitlab_kube"
require_relative "support/kube_server"

# A server that is too old to say all at once.
RSpec.describe GitlabKube::ApiResources do
  core = [{ name: "pods", kind: "Pod", namespaced: true, verbs: %w[get list], shortNames: ["po"] },
          { name: "pods/log", kind: "Pod", namespaced: true, verbs: %w[get] },
          { name: "podtemplates", kind: "PodTemplate", namespaced: true, verbs: %w[get] },
          { name: "nodes", kind: "Node", namespaced: false, verbs: %w[list] }]
  groups = [{ name: "apps", versions: [{ groupVersion: "apps/v1" }, { groupVersion: "apps/v1beta1" }] },
            { name: "metrics.k8s.io", versions: [{ groupVersion: "metrics.k8s.io/v1beta1" }] }]
  answers = {
    "/api" => { versions: ["v1"] }, "/apis" => { groups: groups }, "/api/v1" => { resources: core },
    "/apis/apps/v1" => { resources: [{ name: "deployments", kind: "Deployment", namespaced: true, verbs: [] }] },
    "/apis/apps/v1beta1" => { resources: [] }
  }

  let(:server) do
    HttpServer.new do |request|
      if request.headers["accept"].include?("APIGroupDiscoveryList") then [406, {}, "{}"]
      else
        answers[request.path] ? KubeServer.json(answers[request.path]) : [503, {}, "{}"]
      end
    end
  end

  after { server.stop }

  it "is told by each group version, but for one whose own server is away" do
    served = KubeServer.client(server).api_resources
    expect(served.map { |row| [row.api_version, row.resource, row.namespaced] })
      .to eq([["v1", "pods", true], ["v1", "podtemplates", true], ["v1", "nodes", false], ["apps/v1", "deployments", true]])
    expect([served.first.kind, served.first.verbs, served.first.short_names, served.first.subresources])
      .to eq(["Pod", %w[get list], ["po"], ["log"]])
    expect(served[1].subresources).to be_empty
  end

  [5, [], { items: [5] }, { items: ["MARKER"] }, { items: [{ versions: [5] }] },
   { items: [{ versions: [{ version: "v1", resources: ["MARKER"] }] }] }].each do |shape|
    it "has no word of a server that says #{shape.to_json}" do
      odd = HttpServer.new { KubeServer.json(shape) }
      error = begin
        KubeServer.client(odd).api_resources
      rescue GitlabKube::HttpError => e
        e
      end
      expect(error).to be_a(GitlabKube::InvalidResponseError)
      expect(error.full_message).not_to include("MARKER")
    ensure
      odd.stop
    end
  end

  it "is not made up where a server refuses" do
    forbidden = HttpServer.new { [403, {}, "{}"] }
    expect { KubeServer.client(forbidden).api_resources }.to raise_error(GitlabKube::ForbiddenError)
  ensure
    forbidden.stop
  end
end
