# frozen_string_literal: true

# The kubeclient door itself: when it opens, and what it keeps out.
require_relative "../rails_shaped/application"
require "open3"
require "tmpdir"

RSpec.describe "gitlab_kube/kubeclient" do
  def ruby(*lines)
    Open3.capture3(RbConfig.ruby, "-I", File.expand_path("../../../lib", __dir__), "-e", lines.join("\n"))
  end

  it "refuses to be loaded beside the gem, and says what to do" do
    _, errors, status = ruby('require "kubeclient"', 'require "gitlab_kube/kubeclient"')
    expect(status).not_to be_success
    expect(errors).to include("cannot be loaded beside the kubeclient gem", "Gemfile")
  end

  it "answers a library's require of kubeclient with itself" do
    output, errors, status = ruby('require "gitlab_kube/kubeclient"',
                                  'p require("kubeclient"), Kubeclient::Client == GitlabKube::SubClient')
    expect(status).to be_success, errors
    expect(output.split).to eq %w[false true]
  end

  it "is the same objects" do
    expect(Kubeclient::HttpError).to equal GitlabKube::HttpError
    expect(KubeException).to equal GitlabKube::HttpError
    expect(Kubeclient::ResourceNotFoundError).to equal GitlabKube::ResourceNotFoundError
    expect(Kubeclient::Resource).to equal GitlabKube::Resource
    expect(Kubeclient::Common::EntityList).to equal GitlabKube::ResourceList
  end

  describe "Client" do
    let(:url) { "https://kubernetes.example.com" }

    it "refuses options that could do nothing" do
      expect { Kubeclient::Client.new(url, "v1", socket_options: { socket_class: Object }) }.to raise_error(ArgumentError, /socket_options/)
      expect(Kubeclient::Client.new(url, "v1", socket_options: { socket_class: nil }).http_max_redirects).to eq 0
    end

    it "waits for an object, and watches with the words that kubeclient does not have" do
      pods = "#{url}/api/v1/namespaces/place/pods"
      ready = { kind: "Pod", metadata: { name: "web" }, status: { conditions: [{ type: "Ready", status: "True" }] } }
      stub_request(:get, pods).with(query: { fieldSelector: "metadata.name=web" })
                              .to_return(body: { metadata: { resourceVersion: "7" }, items: [{ metadata: { name: "web" } }] }.to_json)
      event = "#{{ type: 'MODIFIED', object: ready }.to_json}\n"
      stub_request(:get, pods).with(query: hash_including("watch" => "true")).to_return(body: event)
      client = Kubeclient::Client.new(url, "v1")

      expect(client.wait_for("pods", "web", namespace: "place", condition: "Ready").to_h).to eq ready
      expect(client.watch("pods", namespace: "place", idle: 5).map(&:type)).to eq %w[MODIFIED]
    end

    describe "http_max_redirects" do
      let(:options) do
        { http_max_redirects: 1, auth_options: { bearer_token: "s3cret" }, impersonate: { as: "somebody" }, as: :parsed }
      end

      let(:credentials) { %w[Authorization Impersonate-User] }

      def moved(location)
        stub_request(:get, "#{url}/api/v1/pods").to_return(status: 302, headers: { "Location" => location })
      end

      def pods
        Kubeclient::Client.new(url, "v1", **options).get_entities("Pod", "pods")
      end

      it "does not go to a blocked address, nor to a name that means one" do
        moved("http://169.254.169.254/latest/meta-data")
        expect { pods }.to raise_error(Gitlab::UrlBlocker::BlockedUrlError)

        stub_dns("https://inside.example.com", ip_address: "169.254.169.254")
        moved("https://inside.example.com/")
        expect { pods }.to raise_error(ArgumentError, /is blocked/)
      end

      {
        "another host" => "https://other.example.com/x", "another port" => "https://kubernetes.example.com:8443/x",
        "another scheme" => "http://kubernetes.example.com/x"
      }.each do |what, location|
        it "sends no credential to #{what}" do
          moved(location)
          stub_request(:get, location).to_return(body: '{"said":1}')
          expect(pods).to eq("said" => 1)
          expect(WebMock).not_to(have_requested(:get, location).with { |request| (request.headers.keys & credentials).any? })
        end
      end

      it "sends its credential to the same server, however it is spelt" do
        moved("HTTPS://Kubernetes.Example.com:443/x")
        stub = stub_request(:get, "#{url}/x").with(headers: { "Authorization" => "Bearer s3cret", "Impersonate-User" => "somebody" })
                                             .to_return(body: '{"said":1}')
        expect(pods).to eq("said" => 1)
        expect(stub).to have_been_requested
      end

      it "tells where it was sent only by a method that says what that is" do
        options[:http_max_redirects] = 0
        moved("https://other.example.com/x")
        expect { pods }.to raise_error(Kubeclient::HttpError) { |error|
          expect([error.full_message, error.inspect, Marshal.dump(error)].join).not_to include("other.example.com")
          expect(error.unsafe_location).to eq "https://other.example.com/x"
        }
      end

      it "plucks from where it was sent" do
        moved("/x")
        stub_request(:get, "#{url}/x").to_return(body: '{"items":[{"said":1},{"said":2}]}')
        expect(Kubeclient::Client.new(url, "v1", **options).pluck("pods", "said")).to eq [1, 2]
      end

      ["https://me:pw@other.example.com/x", "ftp://other.example.com/x", "https://[", "/a/../x", "https:///x"].each do |location|
        it "does not go to #{location}: 302 is the error" do
          moved(location)
          expect { pods }.to raise_error(Kubeclient::HttpError) { |error|
            expect([error.error_code, error.message]).to eq [302, "302 Found"]
          }
        end
      end

      it "says what the last server said where the program asks for that" do
        moved("/x")
        stub_request(:get, "#{url}/x").to_return(status: 403, body: '{"message":"no pods for you"}')
        options[:error_messages] = :raw
        expect { pods }.to raise_error(Kubeclient::HttpError) { |error| expect(error.message).to eq "no pods for you" }
      end

      it "is for clients made through the door: those of a KubeClient follow nothing" do
        moved("/x")
        client = GitlabKube::KubeClient.new(url, http_max_redirects: 3).core_client
        expect { client.get_entities("Pod", "pods") }.to raise_error(Kubeclient::HttpError) { |error| expect(error.error_code).to eq 302 }
      end
    end

    describe "error_messages" do
      before do
        stub_request(:get, "#{url}/api/v1").to_return(status: 403,
                                                      body: JSON.generate(
                                                        kind: "Status", reason: "Forbidden", message: "server's words"
                                                      ))
      end

      def message(**options)
        Kubeclient::Client.new(url, "v1", **options).get_pods
      rescue Kubeclient::HttpError => e
        [e.class, e.error_code, e.message, e.reason, e.cause]
      end

      it "are this gem's own words" do
        expect(message).to match [GitlabKube::ForbiddenError, 403, a_string_matching(/\A(?!.*server's words)/), "Forbidden", nil]
      end

      it "are the server's where the program asks for that, with all else as it was" do
        expect(message(error_messages: :raw)).to eq [GitlabKube::ForbiddenError, 403, "server's words", "Forbidden", nil]
      end

      it "are not for the plain API" do
        expect { GitlabKube::KubeClient.new(url, error_messages: :raw) }.to raise_error(ArgumentError, /error_messages/)
      end

      it "are one of the two" do
        expect { Kubeclient::Client.new(url, "v1", error_messages: :loud) }.to raise_error(ArgumentError)
      end
    end

    it "does not print its token, for a mistyped method neither" do
      client = Kubeclient::Client.new(url, "v1", auth_options: { bearer_token: "s3cret" })
      expect { client.obtain_pods }.to raise_error(NoMethodError) { |error| expect(error.full_message).not_to include("s3cret") }
      expect(client.inspect).not_to include("s3cret")
    end

    it "refuses a blocked address when it is made" do
      expect { Kubeclient::Client.new("http://169.254.169.254", "v1") }.to raise_error(Gitlab::UrlBlocker::BlockedUrlError)
    end

    it "refuses a name that means a blocked address, before any stub is asked" do
      stub = stub_request(:get, "#{url}/api/v1/pods").to_return(body: "{}")
      stub_dns(url, ip_address: "169.254.169.254")

      expect { Kubeclient::Client.new(url, "v1").get_entities("Pod", "pods") }.to raise_error(ArgumentError, /is blocked/)
      expect(stub).not_to have_been_requested
    end

    it "asks for a credential anew after 401, and WebMock sees both requests" do
      refused = stub_request(:get, "#{url}/api/v1/pods").with(headers: { "Authorization" => "Bearer old" }).to_return(status: 401)
      stub_request(:get, "#{url}/api/v1/pods").with(headers: { "Authorization" => "Bearer new" }).to_return(body: '{"items":[]}')
      token = ->(refresh) { refresh ? "new" : "old" }

      expect(Kubeclient::Client.new(url, "v1", auth_options: { bearer_token: token }).get_entities("Pod", "pods").to_a).to eq []
      expect(refused).to have_been_requested.once
    end
  end

  describe "Config" do
    let(:secret) { "t0ken-of-the-user" }
    let(:kubeconfig) do
      {
        "apiVersion" => "v1", "current-context" => "c", "contexts" => [{ "name" => "c", "context" => { "cluster" => "c", "user" => "u" } }],
        "clusters" => [{ "name" => "c", "cluster" => { "server" => "https://kubernetes.example.com" } }],
        "users" => [{ "name" => "u", "user" => user }]
      }
    end
    let(:user) { { "token" => secret } }

    it "prints no credentials" do
      config = Kubeclient::Config.new(kubeconfig, nil)
      expect([config, config.context].map(&:inspect).join).not_to include(secret)
    end

    it "refuses YAML that makes objects, and aliases" do
      Dir.mktmpdir do |dir|
        ["--- !ruby/object:Object {}\n", "a: &x [1]\nb: *x\n"].each do |text|
          File.write("#{dir}/config", text)
          expect { Kubeclient::Config.read("#{dir}/config") }.to raise_error(Psych::Exception)
        end
      end
    end

    %w[gcp oidc].each do |name|
      it "asks no #{name} provider for a kubeconfig that is not trusted" do
        user.replace("auth-provider" => { "name" => name, "config" => { "idp-issuer-url" => "https://169.254.169.254" } })
        expect { Kubeclient::Config.new(kubeconfig, nil).context }
          .to raise_error(RuntimeError, "Kubeclient::Config: external lookups disabled, can't ask an auth-provider")
        expect { Kubeclient::Config.new(kubeconfig, "/").context }.to raise_error(LoadError) # that is how far a trusted one gets here
      end
    end

    context "with a plugin" do
      let(:directory) { Dir.mktmpdir }
      let(:script) { "#!/bin/sh\n" }
      let(:plugin) { File.join(directory, "a plugin; touch x") }
      let(:user) { { "exec" => { "command" => plugin } } }

      before do
        File.write(plugin, script)
        File.chmod(0o700, plugin)
      end

      after { FileUtils.rm_rf(directory) }

      def run
        Kubeclient::Config.new(kubeconfig, directory).context.auth_options
      end

      context "that answers" do
        let(:script) { %(#!/bin/sh\nprintf '{"status":{"token":"%s"}}' "$(printf %s "$KUBERNETES_EXEC_INFO" | tr -d '"')"\n) }

        it "is run without a shell, though its path looks like a command, and told of the exec protocol" do
          expect(run[:bearer_token]).to include("kind:ExecCredential", "interactive:false")
          expect(Dir.children(directory)).to eq [File.basename(plugin)]
        end

        it "is not run for a kubeconfig that nobody trusts" do
          expect { Kubeclient::Config.new(kubeconfig, nil).context }
            .to raise_error(RuntimeError, "Kubeclient::Config: external lookups disabled, can't execute a command")
        end
      end

      context "that fails" do
        let(:script) { "#!/bin/sh\necho s3cret-in-stderr >&2\nexit 3\n" }

        it "says how, and keeps what it wrote to itself" do
          expect { run }.to raise_error(Kubeclient::ExecCredentials::PluginError, /exit status 3/) { |error|
            expect(error.full_message).not_to include("s3cret-in-stderr")
            expect(error.unsafe_stderr).to eq "s3cret-in-stderr\n"
          }
        end
      end

      {
        "nothing" => "", "no JSON" => "<html>", "no status" => "{}", "a list" => "[]", "no credentials" => '{"status":{}}',
        "half a certificate" => '{"status":{"clientKeyData":"k"}}',
        "a token and a certificate" => '{"status":{"token":"t","clientKeyData":"k","clientCertificateData":"c"}}'
      }.each do |what, output|
        context "that answers #{what}" do
          let(:script) { "#!/bin/sh\nprintf '%s' '#{output}'\n" }

          it "is an error" do
            expect { run }.to raise_error(Kubeclient::ExecCredentials::PluginError)
          end
        end
      end
    end
  end

  it "reads a token of Google's command by its key, and refuses a key that is not one" do
    config = { "cmd-path" => "/bin/echo", "cmd-args" => '{"a":{"b-c":"t0ken"}}' }
    expect(Kubeclient::GCPCommandCredentials.token(config.merge("token-key" => "{.a.b-c}"))).to eq "t0ken"
    expect { Kubeclient::GCPCommandCredentials.token(config.merge("token-key" => "{$..*}")) }.to raise_error(ArgumentError)
  end
end
