# frozen_string_literal: true

# Kubeclient::Config: what a kubeconfig comes to.
module Parity
  PKI = Pki.new
  inline = ->(pem) { [pem].pack("m0") }
  KUBECONFIG = {
    "apiVersion" => "v1", "kind" => "Config", "current-context" => "here",
    "contexts" => [
      { "name" => "here", "context" => { "cluster" => "c", "user" => "token", "namespace" => "place" } },
      { "name" => "group/project:agent", "context" => { "cluster" => "bare", "user" => "agent" } },
      { "name" => "basic", "context" => { "cluster" => "bare", "user" => "basic" } },
      { "name" => "cert", "context" => { "cluster" => "bare", "user" => "cert" } },
      { "name" => "nobody", "context" => { "cluster" => "bare", "user" => "missing" } },
      { "name" => "nowhere", "context" => { "cluster" => "missing", "user" => "token" } },
      { "name" => "insecure", "context" => { "cluster" => "insecure", "user" => "token" } },
      { "name" => "files", "context" => { "cluster" => "files", "user" => "files" } },
      { "name" => "exec", "context" => { "cluster" => "bare", "user" => "exec" } },
      { "name" => "failing", "context" => { "cluster" => "bare", "user" => "failing" } },
      { "name" => "bundle", "context" => { "cluster" => "bundle", "user" => "token" } }
    ],
    "clusters" => [
      { "name" => "c",
        "cluster" => { "server" => "https://kubernetes.example.com:6443/prefix",
                       "certificate-authority-data" => inline.call(PKI.ca.to_pem) } },
      { "name" => "bare", "cluster" => { "server" => "https://kas.example.com/k8s-proxy" } },
      { "name" => "insecure", "cluster" => { "server" => "https://a", "insecure-skip-tls-verify" => true } },
      { "name" => "files", "cluster" => { "server" => "https://a", "certificate-authority" => "ca.pem" } },
      { "name" => "bundle", "cluster" => { "server" => "https://a", "certificate-authority-data" => inline.call(Pki.new.ca.to_pem + PKI.ca.to_pem) } }
    ],
    "users" => [
      { "name" => "token", "user" => { "token" => "t0ken" } }, { "name" => "agent", "user" => { "token" => "ci:7:job" } },
      { "name" => "basic", "user" => { "username" => "u", "password" => "p" } },
      { "name" => "cert", "user" => {
        "client-certificate-data" => inline.call(PKI.client.first.to_pem), "client-key-data" => inline.call(PKI.client.last.to_pem)
      } },
      { "name" => "files", "user" => { "client-certificate" => "client.pem", "client-key" => "client.key" } },
      { "name" => "exec", "user" => { "exec" => {
        "apiVersion" => "client.authentication.k8s.io/v1", "command" => "./plugin", "args" => ["a b", "$(c)"],
        "env" => [{ "name" => "WHO", "value" => "me" }]
      } } },
      { "name" => "failing", "user" => { "exec" => { "command" => "./failing" } } }
    ]
  }.freeze

  PLUGIN = <<~SHELL
    #!/bin/sh
    printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s-%s-%s-%s"}}' "$WHO" "$#" "$1" "$2"
  SHELL

  # A directory with a kubeconfig and all it refers to.
  def self.with_kubeconfig(data = KUBECONFIG)
    Dir.mktmpdir do |dir|
      files = { "config" => data.to_yaml, "ca.pem" => PKI.ca.to_pem,
                "client.pem" => PKI.client.first.to_pem, "client.key" => PKI.client.last.to_pem,
                "plugin" => PLUGIN, "failing" => "#!/bin/sh\necho 'no luck' >&2\nexit 1\n" }
      files.each { |name, text| File.write(File.join(dir, name), text) }
      %w[plugin failing].each { |name| File.chmod(0o755, File.join(dir, name)) }
      yield File.join(dir, "config")
    end
  end

  # What a context tells, with whether its store trusts our CA.
  TOLD = lambda do |context|
    ssl = context.ssl_options
    trusted = ssl[:cert_store]&.verify(PKI.server.first)
    [context.api_endpoint, context.api_version, context.auth_options, context.namespace, ssl[:verify_ssl],
     trusted, ssl.keys.map(&:to_s).sort,
     ssl[:client_cert]&.subject.to_s, ssl[:client_key]&.public_to_pem == PKI.client.last.public_to_pem]
  end

  scenario("a kubeconfig lists its contexts", {}, over: :socket) { |_world| Kubeclient::Config.new(KUBECONFIG, nil).contexts }
  scenario("a kubeconfig's current context", {}, over: :socket) { |_world| TOLD.call(Kubeclient::Config.new(KUBECONFIG, nil).context) }
  %w[group/project:agent basic cert nobody insecure].each do |name|
    scenario("a kubeconfig's context #{name}", {}, over: :socket) do |_world|
      TOLD.call(Kubeclient::Config.new(KUBECONFIG, nil).context(name))
    end
  end
  scenario("a kubeconfig's context with files", {}, over: :socket) do |_world|
    with_kubeconfig do |path|
      TOLD.call(Kubeclient::Config.read(path).context("files"))
    end
  end
  scenario("a kubeconfig's context with a plugin", {}, over: :socket) do |_world|
    with_kubeconfig do |path|
      TOLD.call(Kubeclient::Config.read(path).context("exec"))
    end
  end
  scenario("a kubeconfig's plugin that fails", {}, raises: "RuntimeError", over: :socket) do |_world|
    with_kubeconfig { |path| Kubeclient::Config.read(path).context("failing") }
  end
  scenario("a kubeconfig's bundle of certificates", {}, differs: "ca-bundles", over: :socket) do |_world|
    TOLD.call(Kubeclient::Config.new(KUBECONFIG, nil).context("bundle"))
  end
  scenario("a kubeconfig without a place reads no files", {}, raises: "RuntimeError", over: :socket) do |_world|
    Kubeclient::Config.new(KUBECONFIG, nil).context("files")
  end
  scenario("a kubeconfig without a place runs nothing", {}, raises: "RuntimeError", over: :socket) do |_world|
    Kubeclient::Config.new(KUBECONFIG, nil).context("exec")
  end
  scenario("a kubeconfig's context that is not there", {}, raises: "KeyError", over: :socket) do |_world|
    Kubeclient::Config.new(KUBECONFIG, nil).context("else")
  end
  scenario("a kubeconfig's cluster that is not there", {}, raises: "KeyError", over: :socket) do |_world|
    Kubeclient::Config.new(KUBECONFIG, nil).context("nowhere")
  end
  scenario("a kubeconfig of another version", {}, raises: "RuntimeError", over: :socket) do |_world|
    Kubeclient::Config.new(KUBECONFIG.merge("apiVersion" => "v2"), nil)
  end
  scenario("a kubeconfig with times in it", {}, over: :socket) do |_world|
    with_kubeconfig(KUBECONFIG.merge("extensions" => [{ "at" => Time.at(0) }])) { |path| Kubeclient::Config.read(path).contexts.size }
  end
  scenario("a kubeconfig with an object in it", {}, raises: "RuntimeError", over: :socket) do |_world|
    Dir.mktmpdir do |dir|
      File.write(File.join(dir, "config"), "--- !ruby/object:OpenStruct\na: 1\n")
      Kubeclient::Config.read(File.join(dir, "config"))
    end
  end
  scenario("a kubeconfig is all a client needs", "GET /prefix/api/v1" => serves("pods" => "Pod"),
                                                 "GET /prefix/api/v1/pods" => { items: [] }) do |world|
    data = KUBECONFIG.merge("clusters" => [{ "name" => "c", "cluster" => { "server" => "#{world.url}/prefix" } }])
    context = Kubeclient::Config.new(data, nil).context
    Kubeclient::Client.new(context.api_endpoint, context.api_version, ssl_options: context.ssl_options,
                                                                      auth_options: context.auth_options).get_pods
  end
end
