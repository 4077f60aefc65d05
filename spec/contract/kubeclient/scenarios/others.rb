# frozen_string_literal: true

# What is not about one kind: addresses of proxies, versions of the API, and the calls underneath the generated ones.
module Parity
  core = { "GET /api/v1" => serves("pods" => "Pod", "services" => "Service", "nodes" => "Node"), "GET /api" => { versions: %w[v1] } }

  %w[service services pod pods node nodes].each do |kind|
    scenario("builds the proxy URL of a #{kind}", core, over: :socket) do |world|
      world.client.proxy_url(kind, "web", 80, "place").delete_prefix(world.url)
    end
  end
  scenario("builds a proxy URL without a namespace", core) do |world|
    world.client.proxy_url("node", "one", 10_250).delete_prefix(world.url)
  end
  scenario("a name cannot leave its place in a proxy URL", core, differs: "names-are-checked") do |world|
    world.client.proxy_url("service", "../../../secrets/s", 80, "place").delete_prefix(world.url)
  end
  scenario("builds a proxy URL with a name for the port", core) { |world| world.client.proxy_url("service", "web", "https:api", "place").delete_prefix(world.url) }

  scenario("tells the versions of the API", core) { |world| [world.client.api, world.client.api_valid?] }
  scenario("finds its version missing", "GET /api" => { versions: %w[v9] }) { |world| world.client.api_valid? }
  scenario("finds its version in a group", "GET /apis/apps" => { versions: [{ groupVersion: "apps/v1", version: "v1" }] }) do |world|
    world.client("/apis/apps").api_valid?
  end
  scenario("finds no versions in an empty answer", "GET /api" => {}) { |world| world.client.api_valid? }
  scenario("an API that is not there", { "GET /api" => 404 }, raises: "Kubeclient::ResourceNotFoundError") { |world| world.client.api }

  pod = { metadata: { name: "web", namespace: "place" } }.freeze
  fresh = -> { pod.dup } # kubeclient writes into what it is given
  under = core.merge(
    "GET /api/v1/pods" => { items: [pod] }, "GET /api/v1/namespaces/place/pods/web" => pod, "POST /api/v1/namespaces/place/pods" => pod,
    "PUT /api/v1/namespaces/place/pods/web" => pod, "PATCH /api/v1/namespaces/place/pods/web" => pod,
    "DELETE /api/v1/namespaces/place/pods/web" => {},
    "GET /api/v1/watch/pods" => %({"type":"ADDED","object":{}}\n)
  )
  scenario("get_entities asks without discovery", under) { |world| world.client.get_entities("Pod", "pods", label_selector: "a=b") }
  scenario("get_entity asks without discovery", under) { |world| world.client.get_entity("pods", "web", "place") }
  scenario("create_entity forces the kind it is given", under) { |world| world.client.create_entity("Pod", "pods", fresh.call) }
  scenario("update_entity", under) { |world| world.client.update_entity("pods", fresh.call) }
  scenario("patch_entity", under) { |world| world.client.patch_entity("pods", "web", { a: 1 }, "merge-patch", "place") }
  scenario("delete_entity", under) { |world| world.client.delete_entity("pods", "web", "place") }
  scenario("apply_entity", under) { |world| world.client.apply_entity("pods", fresh.call, field_manager: "me") }
  scenario("watch_entities", under) { |world| world.client.watch_entities("pods").to_enum.map(&:type) }

  scenario("has a version", {}) { |_world| Kubeclient::VERSION.is_a?(String) }
  scenario("is what programs include", {}) { |_world| Kubeclient::Client.include?(Kubeclient::ClientMixin) }
  scenario("parses a definition", {}) do |_world|
    %w[NetworkPolicy/networkpolicies Endpoints/endpoints].map { |pair| Kubeclient::ClientMixin.parse_definition(*pair.split("/")).to_h }
  end
  scenario("underscores a kind", {}) { |_world| Kubeclient::ClientMixin.underscore_entity("PersistentVolumeClaim") }
  scenario("wants the exec helper's options", {}, raises: "ArgumentError") { |_world| Kubeclient::ExecCredentials.run(nil) }
  scenario("wants the exec helper's command", {}, raises: "KeyError") { |_world| Kubeclient::ExecCredentials.run({}) }
  scenario("wants the EKS helper's gem", {}) do |_world|
    Kubeclient::AmazonEksCredentials.token(nil, "cluster")
  rescue LoadError => e
    [e.class.name, e.message.include?("aws-sigv4")]
  end
  scenario("wants the Google helper's gem", {}) do |_world|
    Kubeclient::GoogleApplicationDefaultCredentials.token
  rescue LoadError => e
    [e.class.name, e.message.include?("googleauth")]
  end
  scenario("wants the OIDC helper's gem", {}) do |_world|
    Kubeclient::OIDCAuthProvider.token({})
  rescue LoadError => e
    [e.class.name, e.message.include?("openid_connect")]
  end
  scenario("runs a command for a Google token", {}) do |_world|
    Kubeclient::GCPCommandCredentials.token("cmd-path" => "/bin/echo", "cmd-args" => '{"credential":{"access_token":"t0ken"}}',
                                            "token-key" => "{.credential.access_token}")
  end
end
