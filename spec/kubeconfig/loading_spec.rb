# frozen_string_literal: true

require "pathname"
require "tempfile"
require "tmpdir"
require "yaml"
require "gitlab_kube"
require_relative "../contract/support/pki"
require_relative "../support/kube_server"

# Kubeconfigs as they come: over a real socket, for what a context comes to is what the server sees.
RSpec.describe GitlabKube::Kubeconfig do
  let(:server) { KubeServer.start { KubeServer.json({ kind: "Pod", metadata: { name: "a" } }) } }
  let(:user) { { "token" => "ci:7:job" } }
  let(:cluster) { { "server" => server.url } }
  let(:config) { kubeconfig("group/project:agent", cluster, user) }

  after { server.stop }

  def kubeconfig(name, cluster, user, **rest)
    { "apiVersion" => "v1", "kind" => "Config", "contexts" => [{ "name" => name, "context" => { "cluster" => "c", "user" => "u" } }],
      "clusters" => [{ "name" => "c", "cluster" => cluster }], "users" => [{ "name" => "u", "user" => user }] }.merge(rest)
  end

  def from(config, **options)
    GitlabKube::KubeClient.from_kubeconfig(YAML.dump(config), **options)
  end

  def trusted(config, **options)
    from(config, context: "group/project:agent", trusted: true, **options)
  end

  # @return [Hash] the headers of one request
  def sent_by(client)
    client.get_pod("a", "web")
    server.seen.last.headers
  end

  it "takes a context whose name holds a slash and a colon, and a token that holds colons" do
    expect(sent_by(trusted(config))).to include("authorization" => "Bearer ci:7:job")
  end

  it "says how to name a context where there is no current one" do
    expect { from(config) }.to raise_error(GitlabKube::InvalidArgumentError, /no current-context: name one with context:/)
    expect(described_class.contexts(YAML.dump(config))).to eq(["group/project:agent"])
    expect(sent_by(from(config.merge("current-context" => "group/project:agent"), trusted: true))).to have_key("authorization")
  end

  it "knows the context's namespace" do
    config["contexts"][0]["context"]["namespace"] = "web"
    expect(trusted(config).namespace).to eq("web")
  end

  it "impersonates whom the user says" do
    user.merge!("as" => "jane", "as-uid" => "7", "as-groups" => ["devs"], "as-user-extra" => { "scopes" => ["view"] })
    expect(sent_by(trusted(config))).to include("impersonate-user" => "jane", "impersonate-uid" => "7", "impersonate-group" => "devs",
                                                "impersonate-extra-scopes" => "view")
  end

  it "writes what a header's name cannot have byte by byte, as the server reads it" do
    user.merge!("as" => "jane", "as-user-extra" => { "acme.com/ė €" => ["view"] })
    expect(sent_by(trusted(config))).to include("impersonate-extra-acme.com%2f%c4%97%20%e2%82%ac" => "view")
  end

  it "asks the name and the password" do
    user.replace("username" => "a", "password" => "b")
    expect(sent_by(trusted(config))).to include("authorization" => "Basic #{['a:b'].pack('m0')}")
  end

  it "goes through the proxy it names" do
    asked = Queue.new
    proxy = HttpServer.new { |request| (asked << request.path) && [403, {}, ""] }
    client = trusted(config.merge("clusters" => [{ "name" => "c", "cluster" => cluster.merge("proxy-url" => proxy.url) }]))
    expect { client.get_pod("a", "web") }.to raise_error(GitlabKube::BlockedAddressError) # a proxy is the operator's by configuration only
    expect(asked).to be_empty
    proxy.stop
  end

  describe "TLS" do
    let(:pki) { Pki.new }
    let(:server) { KubeServer.start(tls: pki.context) { KubeServer.json({ kind: "Pod" }) } }

    it "believes all certificates of certificate-authority-data, under the name in tls-server-name" do
      cluster["certificate-authority-data"] = [Pki.new.ca.to_pem + pki.ca.to_pem].pack("m")
      cluster["tls-server-name"] = "other.example"
      expect { trusted(config).get_pod("a", "web") }.to raise_error(GitlabKube::TlsError)
      cluster["tls-server-name"] = "localhost"
      expect(sent_by(trusted(config))).to have_key("authorization")
    end

    it "verifies nothing only where it says so, and not beside a CA" do
      expect { trusted(config).get_pod("a", "web") }.to raise_error(GitlabKube::TlsError)
      cluster["insecure-skip-tls-verify"] = "true"
      expect { trusted(config).get_pod("a", "web") }.to raise_error(GitlabKube::TlsError)
      cluster["insecure-skip-tls-verify"] = true
      expect(sent_by(trusted(config))).to have_key("authorization")
      cluster["certificate-authority-data"] = [pki.ca.to_pem].pack("m")
      expect { trusted(config) }.to raise_error(GitlabKube::InvalidArgumentError, /insecure-skip-tls-verify/)
    end
  end

  describe "one that is not trusted" do
    it "names addresses of a user only" do
      expect { from(config, context: "group/project:agent") }.to raise_error(GitlabKube::BlockedUrlError)
    end

    {
      "a token file" => { "tokenFile" => "/MARKER" },
      "a certificate file" => { "token" => "t", "client-certificate" => "/MARKER" },
      "a key file" => { "token" => "t", "client-key" => "/MARKER" },
      "an exec plugin" => { "exec" => { "apiVersion" => "client.authentication.k8s.io/v1", "command" => "touch", "args" => ["/MARKER"] } },
      "an auth provider" => { "auth-provider" => { "name" => "gcp", "config" => { "cmd-path" => "/MARKER" } } }
    }.each do |what, user|
      it "cannot have #{what}" do
        config = kubeconfig("x", { "server" => "https://example.com" }, user)
        expect { from(config, context: "x") }.to raise_error(GitlabKube::InvalidArgumentError) { |e|
                                                   expect(e.full_message).not_to include("MARKER")
                                                 }
      end
    end

    it "is text even where it looks like a path" do
      Tempfile.create do |file|
        file.write(YAML.dump(config)) && file.flush
        expect { described_class.contexts(file.path) }.to raise_error(GitlabKube::InvalidArgumentError)
        expect(described_class.contexts(Pathname(file.path))).to eq(["group/project:agent"])
      end
    end

    {
      "aliases" => "a: &MARKER [x]\nb: *MARKER\n",
      "a Ruby object" => "--- !ruby/object:MARKER {}\n",
      "a bad indent" => "a: MARKER\n b: [",
      "half a million brackets" => "[" * 500_000,
      "too many bytes" => "MARKER: #{'x' * (1 << 20)}\n",
      "bytes that are no UTF-8" => "a: MARKER\xFF\n",
      "another version" => "apiVersion: MARKER\n",
      "a list" => "- MARKER\n",
      "a value that is not of its tag" => "a: !!float MARKER\n",
      "certificates that are not base64" => YAML.dump(
        "current-context" => "x", "contexts" => [{ "name" => "x", "context" => { "cluster" => "c" } }],
        "clusters" => [{ "name" => "c", "cluster" => { "server" => "https://a.io", "certificate-authority-data" => "MARKER!" } }]
      )
    }.each do |what, text|
      it "is refused with our words where it has #{what}" do
        expect { GitlabKube::KubeClient.from_kubeconfig(text) }.to raise_error(GitlabKube::InvalidArgumentError) do |error|
          expect(error.full_message).not_to include("MARKER")
          expect(error.cause).to be_nil
        end
      end
    end
  end

  describe "a value of the wrong kind" do
    {
      "a token that is a list" => { "token" => ["MARKER"] },
      "a token that is bytes" => { "token" => "MARKER\xFF".b },
      "groups that are a text" => { "as" => "jane", "as-groups" => "MARKER" },
      "groups that are numbers" => { "as" => "jane", "as-groups" => [7] },
      "extra that is a text" => { "as" => "jane", "as-user-extra" => "MARKER" },
      "extra of texts" => { "as" => "jane", "as-user-extra" => { "MARKER" => "a" } }
    }.each do |what, user|
      it "is refused, and not shown: #{what}" do
        config = kubeconfig("x", { "server" => "https://example.com" }, user)
        expect { from(config, context: "x") }.to raise_error(GitlabKube::InvalidArgumentError, /\Athe kubeconfig's [a-z-]+ is not /) { |e|
          expect(e.full_message).not_to include("MARKER")
        }
      end
    end

    it "is refused where it is a namespace" do
      config["contexts"][0]["context"]["namespace"] = { "MARKER" => 1 }
      expect { trusted(config) }.to raise_error(GitlabKube::InvalidArgumentError, "the kubeconfig's namespace is not text")
    end
  end

  it "merges several files: the first that knows a name has the word, and paths start beside their file" do
    Dir.mktmpdir do |dir|
      Dir.mkdir("#{dir}/two")
      File.write("#{dir}/one",
                 YAML.dump(kubeconfig("a", { "server" => "https://first.example" }, user, "users" => nil, "current-context" => "b")))
      File.write("#{dir}/two/two", YAML.dump(kubeconfig("b", cluster.merge("certificate-authority" => "ca"), { "tokenFile" => "token" })))
      File.write("#{dir}/two/token", "from-file\n")
      list = "#{dir}/one:#{dir}/missing:#{dir}/two/two"
      expect(described_class.contexts(list, trusted: true)).to eq(%w[a b])
      client = GitlabKube::KubeClient.from_kubeconfig(list, trusted: true)
      expect([client.api_prefix, client.kubeclient_options[:auth_options]]).to eq(["https://first.example",
                                                                                   { bearer_token_file: "#{dir}/two/token" }])
      expect { GitlabKube::KubeClient.from_kubeconfig("#{dir}/two/two", context: "b", trusted: true) }
        .to raise_error(GitlabKube::InvalidArgumentError, "the kubeconfig's certificate-authority cannot be read")
    end
  end
end
