# frozen_string_literal: true

require "gitlab_kube"
require_relative "support/kube_server"

# GitLab's agent server between us and the cluster: whose refusal is it?
RSpec.describe GitlabKube::AgentUnauthorizedError do
  let(:answer) { [] }
  let(:server) { KubeServer.start { answer } }
  let(:words) { JSON.generate(kind: "Status", message: "GitLab Agent Server: Unauthorized: MARKER") }

  after do
    GitlabKube.interceptor = nil
    server.stop
  end

  def refused(*answered)
    answer.replace(answered)
    KubeServer.client(server).get_pods
  rescue GitlabKube::HttpError => e
    e
  end

  [
    ["a 401 with its header, in whatever language", described_class, 401, { "gitlab-unauthorized" => "true" }, "kind: Status"],
    ["a 401 in its words", described_class, 401, {}, nil],
    ["a 502 in its words", GitlabKube::AgentUnavailableError, 502, {}, nil]
  ].each do |what, klass, *answered|
    it "is told by #{what}" do
      error = refused(*answered.first(2), answered.last || words)
      expect(error.class).to eq(klass)
      expect(error.full_message).not_to include("MARKER")
    end
  end

  [
    ["a 401 of the cluster", GitlabKube::UnauthorizedError, 401, {}],
    ["a 401 that denies it", GitlabKube::UnauthorizedError, 401, { "gitlab-unauthorized" => "false" }],
    ["a 403 with its header", GitlabKube::ForbiddenError, 403, { "gitlab-unauthorized" => "true" }]
  ].each do |what, klass, *answered|
    it "is not #{what}" do
      expect(refused(*answered, "{}").class).to eq(klass)
    end
  end

  it "is told behind an interceptor too" do
    GitlabKube.interceptor = ->(_request, &network) { network.call }
    expect(refused(401, { "gitlab-unauthorized" => "true" }, "{}").class).to eq(described_class)
  end
end
