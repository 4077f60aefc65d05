# frozen_string_literal: true

require "gitlab_kube"
require_relative "../support/kube_server"

RSpec.describe GitlabKube::Rollout do
  it "says of an object of another shape that it is one, without a word of it" do
    shapes = [{ spec: "MARKER" }, { status: ["MARKER"] }, { status: { updatedReplicas: ["MARKER"] } }]
    shapes.each do |shape|
      server = KubeServer.start { KubeServer.json({ metadata: {}, items: [shape.merge(metadata: {})] }) }
      apps = KubeServer.client(server).apps_client
      expect { apps.wait_for_rollout("deployments", "web", namespace: "shop") }
        .to raise_error(GitlabKube::InvalidResponseError) { |error| expect(error.full_message).not_to include("MARKER") }
    ensure
      server.stop
    end
  end
end
