# frozen_string_literal: true

require_relative "../../../lib/gitlab_kube/kubeconfig/template"

RSpec.describe GitlabKube::Kubeconfig::Template do
  subject(:template) { described_class.new }

  before do
    template.add_cluster(name: "gitlab", url: "https://kas.example.com/k8s-proxy")
    template.add_user(name: "agent:7", token: "ci:7:t0ken")
  end

  it "is valid once it has a context" do
    expect(template).not_to be_valid
    template.add_context(name: "group/project:agent", cluster: "gitlab", user: "agent:7")
    expect(template).to be_valid
  end

  it "leaves out what is not there" do
    template.add_context(name: "group/project:agent", cluster: "gitlab", user: "agent:7")

    expect(template.to_h).to eq(
      apiVersion: "v1", kind: "Config",
      clusters: [{ name: "gitlab", cluster: { server: "https://kas.example.com/k8s-proxy" } }],
      users: [{ name: "agent:7", user: { token: "ci:7:t0ken" } }],
      contexts: [{ name: "group/project:agent", context: { cluster: "gitlab", user: "agent:7" } }]
    )
  end

  it "encodes a CA and leaves out a blank one" do
    template.add_cluster(name: "ca", url: "https://a", ca_pem: "PEM")
    template.add_cluster(name: "blank", url: "https://b", ca_pem: " \n")

    expect(template.to_h[:clusters].map { |cluster| cluster[:cluster] }.drop(1))
      .to eq([{ server: "https://a", "certificate-authority-data": "UEVN" }, { server: "https://b" }])
  end

  it "takes in another kubeconfig with its current context" do
    template.merge_yaml(<<~YAML)
      clusters: [{name: legacy, cluster: {server: "https://legacy"}}]
      users: [{name: legacy, user: {token: old}}]
      contexts: [{name: legacy, context: {cluster: legacy, user: legacy}}]
      current-context: legacy
    YAML

    expect(Psych.safe_load(template.to_yaml)).to include(
      "current-context" => "legacy", "contexts" => [{ "name" => "legacy", "context" => { "cluster" => "legacy", "user" => "legacy" } }]
    )
    expect(template.to_h[:users].map { |user| user[:name] }).to eq(%w[agent:7 legacy])
  end

  it "takes in nothing from nil and from what is no mapping" do
    expect { template.merge_yaml(nil) && template.merge_yaml("text") }.not_to(change { template.to_h })
  end

  it "does not build objects from foreign YAML" do
    expect { template.merge_yaml("--- !ruby/object:OpenStruct {}") }.to raise_error(Psych::Exception)
  end

  it "shows no token" do
    expect(template.inspect).to eq("#<GitlabKube::Kubeconfig::Template contexts=0>")
  end
end
