# frozen_string_literal: true

# get_*: what is asked, and what comes back in each format.
module Parity
  pod = { kind: "Pod", apiVersion: "v1", metadata: { name: "web", namespace: "place", labels: { "app.kubernetes.io/name" => "web" } },
          spec: { containers: [{ name: "a" }] } }
  list = { kind: "PodList", apiVersion: "v1", metadata: { resourceVersion: "42", continue: "next" }, items: [pod, pod] }
  core = {
    "GET /api/v1" => serves("pods" => "Pod", "nodes" => "Node"), "GET /api/v1/pods" => list, "GET /api/v1/namespaces/place/pods" => list,
    "GET /api/v1/namespaces/place/pods/web" => pod, "GET /api/v1/nodes/one" => { metadata: { name: "one" } },
    "GET /api/v1/nodes" => { items: nil }
  }

  scenario("lists in all namespaces", core) { |world| world.client.get_pods }
  scenario("lists in one namespace", core) { |world| world.client.get_pods(namespace: "place") }
  scenario("takes an empty namespace for none", core) { |world| world.client.get_pods(namespace: "") }
  scenario("takes a Hash in braces", core) { |world| world.client.get_pods({ namespace: "place" }) }

  scenario "takes Symbols and numbers for names", core.merge("GET /api/v1/nodes/1" => { metadata: { name: "1" } }) do |world|
    client = world.client
    [client.get_pods(namespace: :place).size, client.get_pod(:web, :place).metadata.name, client.get_node(1).metadata.name]
  end

  scenario "sends every word of a list", core do |world|
    words = { label_selector: "app=web,tier!=db", field_selector: "status.phase=Running", resource_version: "7", limit: 2,
              continue: "a token+/=" }
    world.client.get_pods(words)
  end

  scenario("sends nothing for what is nil or false", core) { |world| world.client.get_pods(label_selector: nil, limit: false) }

  scenario "tells where a list goes on", core do |world|
    pods = world.client.get_pods
    [pods.continue, pods.resourceVersion, pods.last?, pods.kind, pods.size, pods.first.metadata.name, pods.map(&:kind)]
  end

  scenario("takes a list whose items are null", core) { |world| world.client.get_nodes }
  scenario("takes a list that is an empty object", core.merge("GET /api/v1/nodes" => {})) { |world| world.client.get_nodes }
  scenario("takes a list whose kind is just List",
           core.merge("GET /api/v1/nodes" => { kind: "List", items: [{ usage: { cpu: "1" } }] })) do |world|
    world.client.get_nodes
  end
  scenario("takes the version of a list from its top", core.merge("GET /api/v1/nodes" => { resourceVersion: "9", items: [] })) do |world|
    world.client.get_nodes.resourceVersion
  end
  scenario("an empty continue is not nil", core.merge("GET /api/v1/nodes" => { metadata: { continue: "" }, items: [] }),
           differs: "empty-continue") do |world|
    world.client.get_nodes.last?
  end

  scenario("gets one in a namespace", core) { |world| world.client.get_pod("web", "place") }
  scenario("gets one without a namespace", core) { |world| world.client.get_node("one") }
  scenario("takes nil for no namespace", core) { |world| world.client.get_node("one", nil) }
  scenario("takes options after the namespace", core) { |world| world.client.get_pod("web", "place", as: :parsed) }
  scenario("takes an object of the wrong kind", core.merge("GET /api/v1/nodes/one" => { kind: "NodeList", data: { a: 1 } })) do |world|
    world.client.get_node("one")
  end
  scenario("takes an empty object", core.merge("GET /api/v1/nodes/one" => {})) { |world| world.client.get_node("one") }

  scenario "takes a version to get one from the server's cache", core, differs: "more-words" do |world|
    world.client.get_pod("web", "place", resource_version: "0")
  end
  scenario "takes a word that it does not know, and does nothing with it", core, differs: "more-words" do |world|
    world.client.get_pods(labelselector: "app=web")
  end

  %i[raw parsed parsed_symbolized ros].each do |format|
    scenario("lists as #{format}", core) { |world| world.client.get_pods(as: format) }
    scenario("gets as #{format}", core) { |world| world.client.get_pod("web", "place", as: format) }
    scenario("gets as the client's #{format}", core) { |world| world.client("", "v1", as: format).get_pod("web", "place") }
  end
  scenario("refuses a format it does not know", core, raises: "ArgumentError", differs: "format-first") do |world|
    world.client.get_pods(as: :yaml)
  end

  scenario("asks a group under its path", "GET /apis/apps/v1" => serves("deployments" => "Deployment"),
                                          "GET /apis/apps/v1/deployments" => { items: [] }) do |world|
    world.client("/apis/apps").get_deployments
  end
  scenario("asks below a path prefix", "GET /k8s/clusters/c-1/api/v1" => serves("pods" => "Pod"),
                                       "GET /k8s/clusters/c-1/api/v1/pods" => { items: [] }) do |world|
    world.client("/k8s/clusters/c-1").get_pods
  end
  scenario("asks below a path prefix with a group", "GET /prefix/apis/apps/v1" => serves("deployments" => "Deployment"),
                                                    "GET /prefix/apis/apps/v1/deployments" => { items: [] }) do |world|
    world.client("/prefix/apis/apps/").get_deployments
  end
  scenario("does not mind an api path given", "GET /api/v1" => serves("pods" => "Pod"), "GET /api/v1/pods" => { items: [] }) do |world|
    world.client("/api/").get_pods
  end

  scenario("a name cannot leave its place", core.merge("GET /api/v1/namespaces/place/pods/../../../nodes/one" => { leaked: true }),
           differs: "names-are-checked", over: :socket) do |world|
    world.client.get_pod("../../../nodes/one", "place")
  end

  scenario "all_entities asks for everything once, and skips what it may not have",
           "GET /api/v1" => serves("pods" => "Pod", "secrets" => "Secret"), "GET /api/v1/pods" => list,
           "GET /api/v1/secrets" => 403 do |world|
    world.client.all_entities
  end
end
