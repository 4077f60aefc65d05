# frozen_string_literal: true

require "gitlab_kube"
require "json"
require_relative "support/http_server"

# What a record of a cluster can say: every option of a client, and every field of a kubeconfig. None of it opens an address.
RSpec.describe GitlabKube::KubeClient do
  let(:server) { HttpServer.new { [200, {}, "{}"] } }

  after { server.stop }

  def refused
    raised = begin
      yield.get_pod("a", "web")
    rescue GitlabKube::Error => e
      e
    end
    expect(raised).to be_a(GitlabKube::BlockedUrlError).or be_a(GitlabKube::InvalidArgumentError)
    expect(server.connections).to eq(0)
    raised
  end

  # An option that is added must be thought about here.
  options = {
    auth_options: { bearer_token: "t" }, ssl_options: { verify_ssl: OpenSSL::SSL::VERIFY_NONE, server_name: "example.com" },
    impersonate: { as: "system:admin", groups: ["system:masters"] }, timeouts: { open: nil, read: nil, total: nil },
    limits: { depth: 1000 }, http_proxy_uri: nil, http_max_redirects: 0, http2: false, cluster_id: 1, as: nil, retries: 10
  }

  it "knows no option but these" do
    expect(GitlabKube::ConnectionOptions::KEYS - options.keys).to eq([])
  end

  options.slice(*GitlabKube::ConnectionOptions::KEYS).each do |key, value|
    it "calls no blocked address because of #{key}" do
      %w[127.0.0.1 localhost 0x7f.1 [::ffff:127.0.0.1]].each do |host|
        raised = refused { described_class.new("http://#{host}:#{server.port}", **{ key => value }.compact) }
        expect(raised).to be_a(GitlabKube::BlockedUrlError)
      end
    end
  end

  it "goes through no blocked proxy because of an option" do
    client = described_class.new("http://93.184.216.34", http_proxy_uri: server.url, **options.slice(:auth_options, :ssl_options))
    expect { client.get_pod("a", "web") }.to raise_error(GitlabKube::BlockedAddressError)
    expect(server.connections).to eq(0)
  end

  %w[
    operator origin policy trusted local_requests_allowed dns_rebinding_protection deny_all_except_allowed allowlist operator_proxies
    operators_proxy proxy_resolves resolver settings judged anybody interceptor
  ].each do |name|
    [name, name.to_sym].each do |key|
      # Unchecked where the name is a String: no signature has one.
      it "has no option #{key.inspect}, whatever it is set to", unchecked: key.is_a?(String) do
        [true, "true", :operator, 1, ["*"], GitlabKube.config].each do |value|
          raised = refused { described_class.new(server.url, **{ key => value }) }
          expect(raised).to be_a(GitlabKube::InvalidArgumentError)
          raised = refused { described_class.from_kubeconfig(JSON.generate(kubeconfig({}, {})), key => value) } unless name == "trusted"
          expect(raised).to be_a(GitlabKube::InvalidArgumentError)
        end
      end
    end
  end

  it "keeps the mark of an operator's address to itself" do
    expect { GitlabKube::KubeClient::OPERATOR }.to raise_error(NameError, /private constant/)
  end

  def kubeconfig(cluster, user, **rest)
    {
      "apiVersion" => "v1", "current-context" => "c",
      "clusters" => [{ "name" => "k", "cluster" => { "server" => server.url }.merge(cluster) }],
      "users" => [{ "name" => "u", "user" => { "token" => "t" }.merge(user) }],
      "contexts" => [{ "name" => "c", "context" => { "cluster" => "k", "user" => "u" } }]
    }.merge(rest)
  end

  # https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/, and what somebody might hope for.
  anything = { "operator" => true, "trusted" => true, "allowlist" => ["127.0.0.1"], "local_requests_allowed" => true }
  {
    cluster: { "tls-server-name" => "example.com", "insecure-skip-tls-verify" => true, "certificate-authority" => "/etc/ssl/cert.pem",
               "certificate-authority-data" => "LS0t", "proxy-url" => "http://93.184.216.34:3128", "disable-compression" => true,
               "extensions" => [{ "name" => "a", "extension" => {} }], **anything },
    user: { "client-certificate" => "/a", "client-certificate-data" => "LS0t", "client-key" => "/a", "client-key-data" => "LS0t",
            "tokenFile" => "/a", "as" => "system:admin", "as-uid" => "0", "as-groups" => ["system:masters"], "as-user-extra" => {},
            "username" => "a", "password" => "b", "auth-provider" => { "name" => "gcp" },
            "exec" => { "apiVersion" => "client.authentication.k8s.io/v1", "command" => "true" }, "extensions" => [], **anything },
    context: { "namespace" => "web", "extensions" => [], **anything },
    file: { "preferences" => { "colors" => true }, "extensions" => [], **anything }
  }.each do |where, fields|
    fields.each do |field, value|
      it "calls no blocked address because of #{field} in a kubeconfig's #{where}" do
        config = kubeconfig(where == :cluster ? { field => value } : {}, where == :user ? { field => value } : {})
        config["contexts"][0]["context"][field] = value if where == :context
        config[field] = value if where == :file
        refused { described_class.from_kubeconfig(JSON.generate(config)) }
      end
    end
  end
end
