# frozen_string_literal: true

# Kubeclient::Client.new: what it takes, what it refuses, and what it then tells.
module Parity
  core = { "GET /api/v1" => serves("pods" => "Pod"), "GET /api/v1/pods" => { items: [] } }

  { "" => "", "/" => "", "/api" => "", "/api/" => "", "/prefix" => "", "/prefix/api" => "", "/apis/apps" => "", "/apis/apps/" => "",
    "/prefix/apis/rbac.authorization.k8s.io" => "", "/oapi" => "", "/API" => "" }.each_key do |path|
    scenario("finds the endpoint in #{path.inspect}", {}, over: :socket) do |world|
      client = world.client(path)
      [client.api_endpoint.path, client.api_endpoint.class.name]
    end
  end

  scenario("takes a URI", {}) { |world| Kubeclient::Client.new(URI.parse("#{world.url}/apis/apps"), "v1").api_endpoint.path }
  scenario("leaves the URI it was given alone", {}, differs: "uri-untouched") do |world|
    uri = URI.parse("#{world.url}/prefix")
    Kubeclient::Client.new(uri, "v1")
    uri.path
  end
  scenario("means v1 without a version", core) { |world| Kubeclient::Client.new(world.url).get_pods }
  scenario("wants a URI", {}, raises: "ArgumentError") { |_world| Kubeclient::Client.new(nil, "v1") }
  scenario("sends nothing when made", {}) { |world| world.client.inspect.empty? }
  scenario("takes no option it does not know", {}, raises: "ArgumentError") { |world| world.client("", "v1", nonsense: 1) }

  scenario("sends a bearer token", core) { |world| world.client("", "v1", auth_options: { bearer_token: "s3cret" }).get_pods }
  scenario("sends a bearer token with the watch", core.merge("GET /api/v1/watch/pods" => "")) do |world|
    world.client("", "v1", auth_options: { bearer_token: "s3cret" }).watch_pods.to_enum.to_a
  end
  scenario("sends a bearer token from a file", core) do |world|
    world.client("", "v1", auth_options: { bearer_token_file: world.file("token") }).get_pods
  end
  scenario("tells the headers of a token from a file", {}) do |world|
    world.client("", "v1", auth_options: { bearer_token_file: world.file("token") }).headers
  end
  scenario("sends a name and a password", core) do |world|
    world.client("", "v1", auth_options: { username: "me", password: "pw:1" }).get_pods
  end
  scenario("takes user for username", core) { |world| world.client("", "v1", auth_options: { user: "me", password: "pw" }).get_pods }
  scenario("sends a name and a password with the watch", core.merge("GET /api/v1/watch/pods" => "")) do |world|
    world.client("", "v1", auth_options: { username: "me", password: "pw" }).watch_pods.to_enum.to_a
  end

  {
    "a token and a file" => { bearer_token: "a", bearer_token_file: "b" },
    "a token and a name" => { bearer_token: "a", username: "b", password: "c" },
    "a name alone" => { username: "a" }, "a password alone" => { password: "a" },
    "a file that is not there" => { bearer_token_file: "/no/such/file" }
  }.each do |what, options|
    scenario("refuses #{what}", {}, raises: "ArgumentError") { |world| world.client("", "v1", auth_options: options) }
  end

  scenario "tells what it was given", {} do |world|
    client = world.client("", "v1", auth_options: { bearer_token: "t" }, ssl_options: { verify_ssl: 0 },
                                    http_proxy_uri: URI.parse("http://proxy.example.com:3128"), http_max_redirects: 0)
    [client.auth_options, client.ssl_options, client.http_proxy_uri, client.http_max_redirects, client.headers, client.discovered]
  end
  scenario("tells its version and group", {}) { |world| world.client("/apis/apps", "v2").instance_variable_get(:@api_version) }
  scenario "tells the options of rest-client, which the Prometheus client reads", {} do |world|
    client = world.client("", "v1", auth_options: { username: "u", password: "p" }, timeouts: { open: 3 }, http_max_redirects: 0)
    client.rest_client.options.to_a.sort_by { |key, _| key.to_s }
  end
  scenario "does not print its token", {}, differs: "no-credentials-printed" do |world|
    world.client("", "v1", auth_options: { bearer_token: "s3cret" }).inspect.include?("s3cret")
  end
  scenario "takes a header by its headers", core, differs: "headers-frozen" do |world|
    client = world.client
    client.headers[:Authorization] = "Bearer written-in"
    client.get_pods
  end

  scenario("can be extended", core) do |world|
    client = world.client
    client.extend(Module.new { def get_pods(**) = [super.size, :more] }).get_pods
  end
  scenario("can be subclassed", core) do |world|
    Class.new(Kubeclient::Client) { def initialize(url) = super(url, "v1", as: :parsed) }.new(world.url).get_pods
  end

  scenario("trusts a CA file", {}, over: :socket) do |world|
    world.with_tls do |url, pki|
      Kubeclient::Client.new(url, "v1", ssl_options: { ca_file: pki.ca_file }).get_pods
    end
  end
  scenario("trusts a store", {}, over: :socket) do |world|
    world.with_tls do |url, pki|
      Kubeclient::Client.new(url, "v1", ssl_options: { cert_store: pki.store, verify_ssl: 1 }).get_pods
    end
  end
  scenario("trusts anybody when told", {}, over: :socket) do |world|
    world.with_tls do |url, _|
      Kubeclient::Client.new(url, "v1", ssl_options: { verify_ssl: 0 }).get_pods
    end
  end
  scenario("does not trust a store without the CA", {}, raises: "Kubeclient::HttpError", over: :socket) do |world|
    world.with_tls do |url, _|
      Kubeclient::Client.new(url, "v1", ssl_options: { cert_store: OpenSSL::X509::Store.new, verify_ssl: 1 }).get_pods
    end
  end
  scenario("shows its certificate", {}, over: :socket) do |world|
    world.with_tls(client_certificate: true) do |url, pki|
      Kubeclient::Client.new(url, "v1",
                             ssl_options: { ca_file: pki.ca_file, client_cert: pki.client.first, client_key: pki.client.last }).get_pods
    end
  end
  scenario("is refused without its certificate", {}, raises: "OpenSSL::SSL::SSLError", differs: "tls-alerts", over: :socket) do |world|
    world.with_tls(client_certificate: true) do |url, pki|
      Kubeclient::Client.new(url, "v1", ssl_options: { ca_file: pki.ca_file }).get_pods
    end
  end
end
