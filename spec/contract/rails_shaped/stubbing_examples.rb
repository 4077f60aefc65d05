# frozen_string_literal: true

# How specs stand in for a cluster: on the wrapper, on its sub-clients, on every client there will be.
require_relative "application"

RSpec.describe "stubbing a client" do
  include GitlabKube::RSpec::KubernetesHelpers

  let(:api_url) { "https://kubernetes.example.com" }
  let(:client) { Gitlab::Kubernetes::KubeClient.new(api_url, auth_options: { bearer_token: "xyz" }) }
  let(:pods) { [Kubeclient::Resource.new(metadata: { name: "web" })] }

  before do
    stub_kubeclient_discover(api_url)
    RSpec::Mocks.configuration.verify_partial_doubles = true
  end

  it "works on the wrapper" do
    allow(client).to receive(:get_pods).with(namespace: "place").and_return(pods)
    expect(client.get_pods(namespace: "place").first.metadata.name).to eq "web"
  end

  it "works on a sub-client, whose methods the server names" do
    allow(client.core_client).to receive(:get_pods).and_return(pods)
    expect(client.get_pods).to eq pods
    expect(client.core_client.get_pods).to eq pods
  end

  it "cannot be done to a method that nobody has" do
    expect { allow(client.core_client).to receive(:get_podz) }.to raise_error(RSpec::Mocks::MockExpectationError, /does not implement/)
  end

  it "works on every client there will be" do
    allow_any_instance_of(Kubeclient::Client).to receive(:discover).and_raise(SocketError)
    expect { client.core_client.discover }.to raise_error(SocketError)
  end

  it "works on every wrapper there will be" do
    gone = Kubeclient::ResourceNotFoundError.new(404, "gone", nil)
    allow_any_instance_of(Gitlab::Kubernetes::KubeClient).to receive(:get_secret).and_raise(gone)
    expect { client.get_secret("a", "b") }.to raise_error(gone)
  end

  it "works on the class" do
    options = hash_including(auth_options: { bearer_token: "xyz" })
    expect(Gitlab::Kubernetes::KubeClient).to receive(:new).with(api_url, options).and_return(:client)
    expect(client).to eq :client
  end

  it "goes on to the real method where asked" do
    stub_kubernetes_call(:get, api_url, "/api/v1/pods", kube_pods_response)
    expect(client.core_client).to receive(:get_pods).and_call_original
    expect(client.get_pods.map { |pod| pod.metadata.name }).to eq %w[kube-pod]
  end

  it "raises errors made by hand as they were made" do
    allow(client).to receive(:get_pods).and_raise(Kubeclient::HttpError.new(500, "made by hand", nil))
    expect { client.get_pods }.to raise_error(Kubeclient::HttpError) { |error|
      expect([error.error_code, error.message]).to eq [500, "made by hand"]
    }
  end

  it "gives resources that can be compared, cached and shown as JSON" do
    stub_kubernetes_call(:get, api_url, "/api/v1/namespaces/place/pods/kube-pod", kube_pod_response)
    pod = client.get_pod("kube-pod", "place")

    expect(pod).to be_a(Kubeclient::Resource)
    expect(pod.to_h).to eq(JSON.parse(JSON.generate(kube_pod), symbolize_names: true))
  end

  it "can be extended by a program" do
    client.core_client.extend(Module.new { def get_pods(**) = [super.size, "counted"] })
    stub_kubernetes_call(:get, api_url, "/api/v1/pods", kube_pods_response)
    expect(client.core_client.get_pods).to eq [1, "counted"]
  end
end
