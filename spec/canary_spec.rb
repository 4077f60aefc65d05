# frozen_string_literal: true

# What a hostile server writes, and what a caller keeps secret, is in no text that anybody prints.

require "gitlab_kube"
require "json"
require "open3"
require "rbconfig"
require "tmpdir"
require_relative "support/canary/bird"
require_relative "support/canary/hostile_server"

RSpec.describe "A canary" do
  marker = "canary-2b7e1516"

  def leaks(texts, marker)
    Bird.leaks(texts, marker)
  end

  describe "in everything a hostile server writes" do
    before(:all) do
      server = HostileServer.new(marker)
      @keys = File.join(Dir.tmpdir, "keys-#{Process.pid}")
      program = File.expand_path("support/canary/child.rb", __dir__)
      # -d has Ruby tell stderr of every exception, the rescued ones too.
      cases = { http: HostileServer.cases, http2: HostileHttp2::CASES, sockets: HostileSockets::CASES }
      env = { "CASES" => JSON.generate(cases), "RUST_LOG" => "trace", "RUST_BACKTRACE" => "full", "SSLKEYLOGFILE" => @keys }
      given = JSON.generate([server.plain.url, server.tls.url, server.proxy.url, server.http2.url, server.ca, marker])
      out, @stderr, @ended = Open3.capture3(env, RbConfig.ruby, "-d", program, stdin_data: given)
      @said = @ended.success? ? JSON.parse(out.lines.last) : {}
    ensure
      server&.stop
    end

    it "is heard: the program got through, and the server's words are where a method's name warns of them" do
      expect(@ended).to be_success, @stderr[-4000..]
      expect(@said.dig("status-409", "seen")).to eq("said #{marker}")
      expect(@said.slice(*HostileServer.cases).values.map { |one| one["error"] }).to all(start_with("GitlabKube::"))
      expect(@said["tls_untrusted"]["error"]).to eq("GitlabKube::TlsError")
      expect(@said["tls_other_name"]["error"]).to eq("GitlabKube::TlsError")
      expect(@said["proxy"]["error"]).to eq("GitlabKube::ProxyError")
      sessions = @said.select { |name, _one| name.match?(/\A(exec|attach|port_forward|http2)-/) }
      expect(sessions.size).to eq((3 * HostileSockets::CASES.size) + HostileHttp2::CASES.size)
      expect(sessions.values.map { |one| one["error"] }).to all(start_with("GitlabKube::"))
      expect(@said.dig("exec-ws-status", "seen")).to eq("said #{marker}")
    end

    it "is in no message, inspection, backtrace, dump, JSON or YAML of an error or its causes, in no log and in no event" do
      expect(@said.size).to be > 40
      expect(@said["logger"]["texts"]["all"]).to include("kube_request_failed")
      expect(@said["events"]["texts"]["all"]).to include("request.gitlab_kube", '"resource":"other"')
      expect(@said.transform_values { |one| leaks(one["texts"], marker) }.reject { |_case, places| places.empty? }).to eq({})
    end

    it "is in no error that a panic becomes, wherever it happens" do
      panics = @said.select { |name, _one| name.start_with?("panic_") }
      expect(panics.values.map { |one| one["error"] }).to eq(["GitlabKube::InternalError"] * 3)
    end

    it "is not on stderr, with Ruby's and Rust's own tracing on" do
      expect(@stderr).to include("Exception `GitlabKube::")
      expect(@stderr.lines.grep(/#{marker}/)).to eq([])
    end

    it "finds no key log beside it, though the environment asks for one" do
      expect(File.exist?(@keys)).to be(false)
    end
  end

  describe "in what a caller keeps secret" do
    certificate, key = MarkedCertificate.make("client")
    secret_options = {
      token: { auth_options: { bearer_token: marker } },
      password: { auth_options: { username: "root", password: marker } },
      key: { ssl_options: { client_cert: certificate.to_pem, client_key: "#{marker}\n#{key.private_to_pem}" } },
      proxy: { http_proxy_uri: "http://user:#{marker}@127.0.0.1:1" },
      provider: { auth_options: { bearer_token: -> { marker } } }
    }
    bad_options = {
      "a token with a line end" => { auth_options: { bearer_token: "#{marker}\n" } },
      "a token for a file" => { auth_options: { bearer_token_file: marker } },
      "a token twice" => { auth_options: { bearer_token: marker, username: marker } },
      "a password alone" => { auth_options: { password: marker } },
      "a key alone" => { ssl_options: { client_key: marker } },
      "a key that is none" => { ssl_options: { client_cert: certificate.to_pem, client_key: marker } },
      "a key for an authority" => { ssl_options: { ca: marker } },
      "a key for a file" => { ssl_options: { ca_file: marker } },
      "a String for the credentials" => { auth_options: marker },
      "a list for the credentials" => { auth_options: [marker] },
      "a String for TLS" => { ssl_options: marker },
      "a number's place" => { timeouts: { open: marker } },
      "a limit's place" => { limits: { depth: marker } },
      "a String for the limits" => { limits: marker },
      "a String for the timeouts" => { timeouts: marker },
      "a proxy that is no URL" => { http_proxy_uri: "http://user:#{marker}@[" },
      "a proxy of no known kind" => { http_proxy_uri: "ftp://user:#{marker}@proxy.example.com" },
      "an impersonation" => { impersonate: { as: "#{marker}\n" } },
      "a String for an impersonation" => { impersonate: marker },
      "a URL that is none" => { url: "https://user:#{marker}@[" },
      "a URL with a password" => { url: "ftp://user:#{marker}@example.com" },
      "a URL with a password for this scheme" => { url: "https://user:#{marker}@127.0.0.1:1/" },
      "a provider's token with a line end" => { auth_options: { bearer_token: -> { "#{marker}\n" } } },
      "a URL with a space" => { url: "https://user:#{marker}@exa mple.com" }
    }

    def build(url: "http://127.0.0.1:1", **options)
      GitlabKube::KubeClient.for_operator(url, **options)
    end

    def error
      yield
      nil
    rescue StandardError => e
      e
    end

    bad_options.each do |what, options|
      it "is not in the error about #{what}" do
        raised = error { build(**options).get_pod("a", "web") }
        expect(raised).to be_a(StandardError)
        expect(leaks(Bird.of_error(raised), marker)).to eq([])
      end
    end

    {
      "that is no YAML" => "users: [#{marker}", "with a tag" => "--- !ruby/object:#{marker} {}", "with an alias" => "a: *#{marker}",
      "that is a text" => marker, "that is a list" => "- #{marker}", "without its context" => "kind: Config\ncurrent-context: #{marker}",
      "whose key is not base64" => <<~YAML
        {apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, context: {cluster: k, user: u}}],
         clusters: [{name: k, cluster: {server: "https://127.0.0.1:1"}}],
         users: [{name: u, user: {client-certificate-data: #{marker}, client-key-data: #{marker}}}]}
      YAML
    }.each do |what, text|
      it "is not in the error about a kubeconfig #{what}" do
        raised = error { GitlabKube::KubeClient.from_kubeconfig(text) }
        expect(raised).to be_a(GitlabKube::InvalidArgumentError)
        expect(leaks(Bird.of_error(raised), marker)).to eq([])
      end
    end

    it "is not in the error of kubeclient's door about a URL that is none, whose class is kubeclient's" do
      program = "require 'gitlab_kube/kubeclient'; Kubeclient::Client.new(format('https://user:%s@[', *ARGV))"
      said, = Open3.capture2e(RbConfig.ruby, "-I#{File.expand_path('../lib', __dir__)}", "-e", program, marker)
      expect(said).to include("URI::InvalidURIError")
      expect(said).not_to include(marker)
    end

    it "is not in the error about a credential command whose answer is cut" do
      program = "require 'gitlab_kube/kubeclient'; Kubeclient::GCPCommandCredentials.token('cmd-path' => 'echo', 'cmd-args' => ARGV[0], " \
                "'token-key' => '{.token}')"
      said, = Open3.capture2e(RbConfig.ruby, "-I#{File.expand_path('../lib', __dir__)}", "-e", program, %({"token":"#{marker}"))
      expect(said).to include("PluginError")
      expect(said).not_to include(marker)
    end

    it "is in no dump of an error about a credential command that wrote it to stderr" do
      code = "require 'gitlab_kube/kubeclient'; require 'json'; " \
             "e = Kubeclient::ExecCredentials::PluginError.new('failed', ARGV[0]); " \
             "print JSON.generate([e.unsafe_stderr, Bird.of_error(e)])"
      bird = File.expand_path("support/canary/bird", __dir__)
      said, = Open3.capture2(RbConfig.ruby, "-I#{File.expand_path('../lib', __dir__)}", "-r", bird, "-e", code, marker)
      heard, texts = JSON.parse(said)
      expect(heard).to eq(marker)
      expect(leaks(texts, marker)).to eq([])
    end

    secret_options.each do |what, options|
      it "is in no text of a client, of what it is made of, or of an error that names one (#{what})" do
        client = build(**options)
        [client, client.core_client, client.core_client.instance_variable_get(:@connection)].each do |one|
          expect(leaks(Bird.texts(one), marker)).to eq([])
          [error { one.nonsense! }, error { one.freeze.instance_variable_set(:@a, 1) }].each do |raised|
            expect(leaks(Bird.of_error(raised), marker)).to eq([])
          end
        end
      end
    end

    it "is not in the error about an object that is not JSON" do
      raised = error { build.core_client.create("secrets", "{#{marker}", namespace: "web") }
      expect(raised).to be_a(GitlabKube::InvalidArgumentError)
      expect(leaks(Bird.of_error(raised), marker)).to eq([])
    end

    it "is not in the error about writing into a frozen Secret" do
      secret = GitlabKube::Resource.new(data: { token: marker }).freeze
      raised = [error { secret.kind = "x" }, error { secret[:kind] = "x" }, error { secret.delete_field(:data) }, error { secret.nope!(1) }]
      expect(raised.map(&:class)).to eq([FrozenError, FrozenError, FrozenError, NoMethodError])
      raised.each { |one| expect(leaks({ message: one.message, full: one.full_message(highlight: false) }, marker)).to eq([]) }
    end

    it "is in a Resource's inspection nowhere: a class and a size" do
      secret = GitlabKube::Resource.new(data: { marker => marker })
      expect([secret.inspect, PP.pp(secret, +"")]).to all(match(/\A#<GitlabKube::Resource 1 field>\n?\z/))
    end

    it "stays in this process: a client cannot be dumped" do
      client = build(auth_options: { bearer_token: marker })
      [client, client.core_client].each do |one|
        expect { Marshal.dump(one) }.to raise_error(TypeError, /holds credentials and cannot be dumped/)
        expect { YAML.dump(one) }.to raise_error(TypeError, /holds credentials and cannot be dumped/)
        expect(one.as_json).to eq(one.inspect)
      end
    end
  end

  it "would be found, plain or encoded, if it were there" do
    error = GitlabKube::HttpError.new(500, marker)
    expect(leaks(Bird.of_error(error), marker)).to include(:message, :full, :highlighted, :inspect, :pp, :as_json, :to_yaml, :marshal)
    expect(leaks({ header: "Basic #{["root:#{marker}"].pack('m0')}" }, marker)).to eq([:header])
  end
end
