# frozen_string_literal: true

require "time"
require_relative "support/cluster"

# Who the server believes us to be, when we say that we are somebody else.
RSpec.describe GitlabKube::KubeClient, :cluster do
  let(:client) { AcceptanceCluster.client }
  let(:namespace) { AcceptanceCluster.namespace(client) }

  describe "another person" do
    it "is whom the options say, with groups, and what else is known" do
      other = { as: "jane", groups: %w[one two], extra: { "example.org/scope" => %w[a b] } }
      cluster = AcceptanceCluster.running
      jane = GitlabKube::KubeClient.for_operator(cluster.server, ssl_options: cluster.ssl_options, impersonate: other)
      body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" }
      found = jane.raw(:post, "/apis/authentication.k8s.io/v1/selfsubjectreviews", body: body, as: :parsed)["status"]["userInfo"]
      expect(found["username"]).to eq("jane")
      expect(found["groups"]).to include("one", "two")
      expect(found["extra"]).to eq("example.org/scope" => %w[a b])
      expect { jane.get_secrets(namespace: namespace) }.to raise_error(GitlabKube::ForbiddenError)
    end
  end

  describe "a token" do
    it "is made for an audience and a time, and says whose it is" do
      made = client.create_token("default", namespace, expiration_seconds: 1200, audiences: ["vault"]).status
      expect(Time.parse(made.expirationTimestamp) - Time.now).to be_between(1000, 1300)
      asked = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview" }
      for_whom = lambda do |audience|
        body = asked.merge(spec: { token: made.token, audiences: [audience] })
        client.raw(:post, "/apis/authentication.k8s.io/v1/tokenreviews", body: body).status.user&.username
      end
      expect(for_whom.call("vault")).to eq("system:serviceaccount:#{namespace}:default")
      expect(for_whom.call("elsewhere")).to be_nil
    end
  end
end
