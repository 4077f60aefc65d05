# frozen_string_literal: true

require "tmpdir"
require "uri"
require_relative "support/cluster"

RSpec.describe GitlabKube::KubeClient, :cluster do
  around { |example| Dir.mktmpdir { |dir| (@dir = dir) && example.run } }

  let(:admin) { AcceptanceCluster.client }
  let(:namespace) { AcceptanceCluster.namespace(admin) }
  let(:uri) { URI(AcceptanceCluster.running.server) }
  let(:environment) { { "KUBERNETES_SERVICE_HOST" => uri.host, "KUBERNETES_SERVICE_PORT" => uri.port.to_s } }

  def write(name, text)
    File.write(File.join(@dir, name), text)
  end

  def token
    AcceptanceCluster.running.token_for("default", namespace)
  end

  it "is the pod's service account, with the token that is in the file now" do
    write("ca.crt", AcceptanceCluster.running.ca_pem)
    write("token", "#{token}\n")
    write("namespace", namespace)
    client = described_class.in_cluster(environment: environment, directory: @dir)
    expect(client.namespace).to eq(namespace)
    expect { client.get_pods(namespace: namespace) }.to raise_error(GitlabKube::ForbiddenError)
    write("token", "nobody")
    expect { client.get_pods(namespace: namespace) }.to raise_error(GitlabKube::UnauthorizedError)
    write("token", token)
    expect { client.get_pods(namespace: namespace) }.to raise_error(GitlabKube::ForbiddenError)
  end

  it "puts brackets around an IPv6 address" do
    write("ca.crt", AcceptanceCluster.running.ca_pem)
    write("token", "t")
    environment["KUBERNETES_SERVICE_HOST"] = "fd00::1"
    expect(described_class.in_cluster(environment: environment, directory: @dir).api_prefix).to eq("https://[fd00::1]:#{uri.port}")
  end

  it "says that this is not a pod" do
    expect { described_class.in_cluster(environment: {}) }.to raise_error(GitlabKube::InvalidArgumentError, /not a pod/)
  end

  it "takes the cluster's own kubeconfig where it is trusted" do
    client = described_class.from_kubeconfig(AcceptanceCluster.running.kubeconfig, trusted: true)
    expect(client.server_version).to include("major" => "1")
  end
end
