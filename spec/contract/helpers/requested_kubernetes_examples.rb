# frozen_string_literal: true

# The matcher tells calls apart as the API server does.
require_relative "../rails_shaped/application"
require_relative "../../../lib/gitlab_kube/rspec/requested_kubernetes"

RSpec.describe GitlabKube::RSpec::Matchers do
  include described_class

  def request(verb, path, body: nil)
    stub_request(:any, /kubernetes.example.com/)
    Net::HTTP.start("kubernetes.example.com", 443, use_ssl: true) do |http|
      http.send_request(verb, path, body, { "Content-Type" => "application/json" })
    end
  end

  {
    [:list, "pods", {}] => "/api/v1/pods",
    [:list, "pods", { namespace: "a" }] => "/prefix/api/v1/namespaces/a/pods?labelSelector=x",
    [:get, "pods", { namespace: "a", name: "b" }] => "/api/v1/namespaces/a/pods/b",
    [:get, "pods", { name: "b", subresource: "log" }] => "/api/v1/namespaces/a/pods/b/log?follow=true",
    [:get, "namespaces", { name: "a" }] => "/api/v1/namespaces/a",
    [:list, "deployments", { group: "apps" }] => "/apis/apps/v1/deployments",
    [:watch, "pods", { namespace: "a" }] => "/api/v1/watch/namespaces/a/pods",
    [:watch, "nodes", {}] => "/api/v1/nodes?watch=1"
  }.each do |(verb, resource, only), path|
    it "sees #{verb} #{resource} #{only} in #{path}" do
      request("GET", path)
      expect(WebMock).to have_requested_kubernetes(verb, resource, **only).once
    end
  end

  {
    [:list, "pods", {}] => "/api/v1/namespaces/a/pods/b",
    [:list, "nodes", {}] => "/api/v1/nodes?watch=1",
    [:watch, "nodes", {}] => "/api/v1/nodes",
    [:get, "pods", { namespace: "a" }] => "/api/v1/namespaces/b/pods/c",
    [:get, "pods", { name: "b" }] => "/api/v1/namespaces/a/pods/b/log",
    [:get, "pods", { group: "metrics.k8s.io" }] => "/api/v1/pods",
    [:get, "v1", {}] => "/api/v1"
  }.each do |(verb, resource, only), path|
    it "does not see #{verb} #{resource} #{only} in #{path}" do
      request("GET", path)
      expect(WebMock).not_to have_requested_kubernetes(verb, resource, **only)
    end
  end

  it "looks at verbs, and takes what WebMock's matcher takes" do
    request("POST", "/api/v1/namespaces/a/pods", body: '{"kind":"Pod"}')

    expect(WebMock).to have_requested_kubernetes(:create, "pods", namespace: "a").with(body: { "kind" => "Pod" }).once
    expect(WebMock).not_to have_requested_kubernetes(:update, "pods")
  end

  it "says what it looked for" do
    request("GET", "/api/v1/pods")

    expect { expect(WebMock).to have_requested_kubernetes(:delete, "pods", namespace: "a") }
      .to raise_error(RSpec::Expectations::ExpectationNotMetError, /DELETE.*Kubernetes delete .*"pods".*"a"/m)
  end
end
