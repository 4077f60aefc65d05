# frozen_string_literal: true

# What GitLab's specs ask of its Kubernetes client, in the form they ask it. Run over both gems by both_gems_spec.rb.
require_relative "application"

RSpec.describe Gitlab::Kubernetes::KubeClient do
  include GitlabKube::RSpec::KubernetesHelpers

  let(:api_url) { "https://kubernetes.example.com/prefix" }
  let(:client) { described_class.new(api_url, auth_options: { bearer_token: "xyz" }) }

  before { stub_kubeclient_discover(api_url) }

  # Every method must be callable with nothing: the network is asked before the arguments are looked at.
  def call(name)
    case name
    when /\A(get|delete)_/ then client.public_send(name)
    when /\A(create|update|patch)_/ then client.public_send(name, {})
    end
  end

  # Stands in for shoulda's delegate_method: a call on the client arrives at the sub-client, and its answer comes back.
  def expect_delegation(name, sub_client)
    allow(client).to receive(sub_client).and_return(sub = Object.new)
    sub.define_singleton_method(name) { |*, **| :answer }
    expect(client.public_send(name)).to eq :answer
  end

  shared_examples "a method of" do |sub_client, names|
    names.each do |name|
      describe "##{name}" do
        it "does not follow a redirect" do
          elsewhere = "https://not-under-our-control.example.com/api/v1/pods"
          stub_request(:get, %r{\A#{api_url}/}).to_return(status: 302, headers: { location: elsewhere })
          stub_request(:get, elsewhere).to_return(status: 200, body: "{}")

          expect { call(name) }.to raise_error(Kubeclient::HttpError)
          expect(a_request(:get, elsewhere)).not_to have_been_made
        end

        it "does not dial a name that has come to mean a local address" do
          stub_dns(api_url, ip_address: "8.8.8.8")
          client

          stub_dns(api_url, ip_address: "192.168.2.120")
          expect { call(name) }.to raise_error(ArgumentError, /is blocked/)
        end

        it "is delegated" do
          expect(client).to respond_to(name)
          expect_delegation(name, sub_client)
        end
      end
    end
  end

  it_behaves_like "a method of", :core_client, %i[
    get_nodes get_pods get_secrets get_config_map get_pod get_namespace get_secret get_service get_service_account delete_namespace
    delete_pod delete_service_account create_config_map create_namespace create_pod create_secret create_service_account
    update_config_map update_secret update_service_account
  ]
  it_behaves_like "a method of", :rbac_client, %i[
    create_role get_role update_role delete_role_binding update_role_binding update_cluster_role_binding
  ]
  it_behaves_like "a method of", :apps_client, %i[get_deployments]
  it_behaves_like "a method of", :networking_client, %i[get_ingresses patch_ingress]
  it_behaves_like "a method of", :istio_client, %i[create_gateway get_gateway update_gateway]

  %i[get_pod_log watch_pod_log].each do |name|
    it "delegates #{name} to the core client" do
      expect_delegation(name, :core_client)
    end
  end

  it "does not delegate what is not about an entity" do
    expect(client).not_to respond_to(:proxy_url)
    expect { client.proxy_url }.to raise_error(NoMethodError)
  end

  it "has no method that no group has" do
    expect(client).not_to respond_to(:non_existent_method)
    expect { client.non_existent_method }.to raise_error(NoMethodError)
  end

  describe ".graceful_request" do
    {
      SocketError.new => %i[unreachable connection_error],
      Errno::ECONNREFUSED.new => %i[unreachable connection_error],
      Net::ReadTimeout.new => %i[unreachable connection_error],
      OpenSSL::X509::CertificateError.new => %i[authentication_failure authentication_error],
      Kubeclient::HttpError.new(408, "timed out", nil) => %i[unreachable http_error],
      Kubeclient::HttpError.new(408, "timeout", nil) => %i[unreachable http_error],
      Kubeclient::HttpError.new(nil, "Timed out connecting to server", nil) => %i[unreachable http_error],
      Kubeclient::HttpError.new(408, "", nil) => %i[authentication_failure http_error],
      Kubeclient::HttpError.new(408, nil, nil) => %i[authentication_failure http_error],
      Kubeclient::HttpError.new(403, "Forbidden", nil) => %i[authentication_failure http_error],
      StandardError.new => %i[unknown_failure unknown_error]
    }.each do |error, (status, connection_error)|
      it "calls #{error.class} (#{error.message.inspect}) #{status}" do
        allow(client).to receive(:get_pods).and_raise(error)

        expect(described_class.graceful_request(1) { client.get_pods }).to eq(status: status, connection_error: connection_error)
      end
    end

    it "returns what the block does" do
      allow(client).to receive(:get_pods).and_return(:pods)

      expect(described_class.graceful_request(1) { client.get_pods }).to eq(status: :connected, response: :pods)
    end

    it "reports an error it does not know" do
      expect(Gitlab::ErrorTracking).to receive(:track_exception).with(an_instance_of(StandardError), cluster_id: 7)

      described_class.graceful_request(7) { raise StandardError }
    end

    it "calls a timeout on the wire unreachable" do
      stub_request(:get, "#{api_url}/api/v1/pods").to_timeout

      expect(described_class.graceful_request(1) { client.get_pods }).to include(status: :unreachable)
    end
  end

  describe "#initialize" do
    %w[http://localhost:22 http://192.168.1.2:3003].each do |address|
      context "with #{address}" do
        let(:api_url) { address }

        before { stub_dns(address, ip_address: address.include?("localhost") ? "127.0.0.1" : "192.168.1.2") }

        it "is refused" do
          expect { client }.to raise_error(Gitlab::UrlBlocker::BlockedUrlError)
        end

        it "is allowed where local requests are" do
          Settings.allow_local_requests = true
          expect { client }.not_to raise_error
        end
      end
    end

    it "refuses other schemes even where local requests are allowed" do
      Settings.allow_local_requests = true
      expect { described_class.new("ssh://192.168.1.2") }.to raise_error(Gitlab::UrlBlocker::BlockedUrlError)
    end

    it "merges timeouts over its own" do
      expect(described_class.new(api_url).kubeclient_options[:timeouts]).to eq(described_class::DEFAULT_KUBECLIENT_OPTIONS[:timeouts])
      expect(described_class.new(api_url, timeouts: { read: 7 }).kubeclient_options[:timeouts]).to eq(open: 10, read: 7)
    end

    it "lets nobody ask for redirects" do
      expect(described_class.new(api_url, http_max_redirects: 3).kubeclient_options[:http_max_redirects]).to eq 0
    end
  end

  {
    core: ["api", "v1"], rbac: ["apis/rbac.authorization.k8s.io", "v1"], apps: ["apis/apps", "v1"],
    istio: ["apis/networking.istio.io", "v1alpha3"], knative: ["apis/serving.knative.dev", "v1alpha1"],
    metrics: ["apis/metrics.k8s.io", "v1beta1"], networking: ["apis/networking.k8s.io", "v1"]
  }.each do |name, (path, version)|
    describe "##{name}_client" do
      subject(:sub_client) { client.public_send(:"#{name}_client") }

      it "is a Kubeclient::Client with the options given" do
        expect(sub_client).to be_an_instance_of(Kubeclient::Client)
        expect(sub_client.auth_options).to eq(bearer_token: "xyz")
        expect(sub_client.api_endpoint.to_s).to eq("#{api_url}/#{path}")
        expect(sub_client.instance_variable_get(:@api_version)).to eq(version)
      end

      it "is made once" do
        expect(sub_client).to be(client.public_send(:"#{name}_client"))
      end
    end
  end

  describe "creating or updating" do
    let(:resource) { ::Kubeclient::Resource.new(metadata: { name: "name", namespace: "namespace" }) }

    %w[cluster_role_binding role_binding].each do |type|
      it "puts a #{type}, and the server creates it" do
        expect(client).to receive(:"update_#{type}").with(resource)

        client.public_send(:"create_or_update_#{type}", resource)
      end
    end

    %w[service_account secret].each do |type|
      it "updates a #{type} that is there" do
        expect(client).to receive(:"get_#{type}").with("name", "namespace").and_return(resource)
        expect(client).to receive(:"update_#{type}").with(resource)

        client.public_send(:"create_or_update_#{type}", resource)
      end

      it "creates a #{type} that is not" do
        expect(client).to receive(:"get_#{type}").and_raise(Kubeclient::ResourceNotFoundError.new(404, "Not found", nil))
        expect(client).to receive(:"create_#{type}").with(resource)

        client.public_send(:"create_or_update_#{type}", resource)
      end
    end
  end
end
