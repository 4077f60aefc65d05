# frozen_string_literal: true

require "gitlab_kube"
require_relative "../../support/kube_server"

RSpec.describe GitlabKube::Services::RestrictedNamespace do
  let(:kinds) { { "namespaces" => "Namespace", "serviceaccounts" => "ServiceAccount", "rolebindings" => "RoleBinding" } }

  def execute(answer)
    discovery = { kind: "APIResourceList", resources: kinds.map { |name, kind| { name: name, kind: kind, namespaced: true } } }
    server = KubeServer.start(discovery: discovery) do |request|
      next KubeServer.json(discovery) if request.path.end_with?("/v1")

      KubeServer.json(request.path.end_with?("/token") ? answer : {})
    end
    described_class.new(KubeServer.client(server), namespace: "web").execute
  ensure
    server.stop
  end

  it "has a token with an end" do
    expect(execute({ status: { token: "t", expirationTimestamp: "2026-01-02T03:04:05Z" } }))
      .to have_attributes(token: "t", expires_at: Time.utc(2026, 1, 2, 3, 4, 5))
  end

  it "does not quote an answer that is no token with an end" do
    ["MARKER", {}, nil, { token: "t", expirationTimestamp: "MARKER" }, { token: "t", expirationTimestamp: 5 }].each do |status|
      expect { execute({ status: status }) }
        .to raise_error(GitlabKube::InvalidResponseError, "the answer holds no token with an end"), status.inspect
    end
  end
end
