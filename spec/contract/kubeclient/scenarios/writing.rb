# frozen_string_literal: true

# create_*, update_*, patch_*, apply_*, delete_*: what is sent.
module Parity
  pod = { kind: "Pod", metadata: { name: "web", namespace: "place" } }
  core = {
    "GET /api/v1" => serves("pods" => "Pod", "nodes" => "Node"), "POST /api/v1/namespaces/place/pods" => pod,
    "PUT /api/v1/namespaces/place/pods/web" => pod,
    "PATCH /api/v1/namespaces/place/pods/web" => pod, "DELETE /api/v1/namespaces/place/pods/web" => { kind: "Status", status: "Success" },
    "POST /api/v1/nodes" => {}, "PUT /api/v1/nodes/one" => {}, "DELETE /api/v1/nodes/one" => {}, "PATCH /api/v1/nodes/one" => {}
  }
  # Made anew for each program: kubeclient writes into what it is given.
  thing = -> { { metadata: { name: "web", namespace: "place" }, spec: { containers: [{ name: "a", image: "b" }] } } }

  scenario("creates from a Resource, with kind and apiVersion", core) do |world|
    world.client.create_pod(Kubeclient::Resource.new(thing.call))
  end
  scenario("creates from a Hash", core) { |world| world.client.create_pod(thing.call) }
  scenario("forces its own kind and apiVersion", core) do |world|
    world.client.create_pod(thing.call.merge(kind: "Sneaky", apiVersion: "v9"))
  end
  scenario("creates without a namespace", core) { |world| world.client.create_node(metadata: { name: "one" }) }
  scenario("leaves a Resource as it was", core) do |world|
    resource = Kubeclient::Resource.new(thing.call)
    world.client.create_pod(resource)
    resource.to_h
  end
  scenario("leaves a Hash as it was", core, differs: "arguments-untouched") do |world|
    hash = thing.call
    world.client.create_pod(hash)
    hash
  end
  scenario("creates in a group", "GET /apis/apps/v1" => serves("deployments" => "Deployment"),
                                 "POST /apis/apps/v1/namespaces/place/deployments" => {}) do |world|
    world.client("/apis/apps").create_deployment(thing.call)
  end
  scenario("creates from a Hash with String keys", core, raises: "NoMethodError", differs: "string-keys") do |world|
    world.client.create_pod("metadata" => { "name" => "web", "namespace" => "place" })
  end

  scenario("updates from a Resource, adding nothing", core) { |world| world.client.update_pod(Kubeclient::Resource.new(thing.call)) }
  scenario("updates from a Hash", core) { |world| world.client.update_pod(thing.call) }
  scenario("updates without a namespace", core) { |world| world.client.update_node(metadata: { name: "one" }) }
  scenario("updates what was read",
           core.merge("GET /api/v1/namespaces/place/pods/web" => pod.merge(data: { list: [{ a: 1 }], "a.b/c" => nil }))) do |world|
    client = world.client
    read = client.get_pod("web", "place")
    read.data.list.first.a = 2
    read.data.list << { b: 3 }
    read[:metadata][:labels] = { x: "y" }
    client.update_pod(read)
  end

  patch = { metadata: { annotations: { "a/b" => "1", gone: nil } } }
  %i[patch_pod merge_patch_pod].each do |name|
    scenario("#{name} sends its content type", core) { |world| world.client.public_send(name, "web", patch, "place") }
    scenario("#{name} takes a Resource", core, differs: "json-of-a-resource") do |world|
      world.client.public_send(name, "web", Kubeclient::Resource.new(patch), "place")
    end
  end
  scenario("json_patch_pod sends an array", core) do |world|
    world.client.json_patch_pod("web", [{ op: "remove", path: "/spec/a" }], "place")
  end
  scenario("patches without a namespace", core) { |world| world.client.patch_node("one", { spec: { unschedulable: true } }) }

  scenario("applies a Hash as a manager", core, differs: "apply-body") do |world|
    world.client.apply_pod(thing.call, field_manager: "gitlab")
  end
  scenario("applies without force", core, differs: "apply-body") do |world|
    world.client.apply_pod(thing.call, field_manager: "gitlab", force: false)
  end
  scenario("applies with options in braces", core) do |world|
    world.client.apply_pod({ kind: "Pod", apiVersion: "v1", **thing.call }, { field_manager: "gitlab" })
  end
  scenario("applies a Resource", core, differs: "apply-body") do |world|
    world.client.apply_pod(Kubeclient::Resource.new(thing.call), field_manager: "gitlab")
  end
  scenario("wants a manager to apply", core, raises: "ArgumentError") { |world| world.client.apply_pod(thing.call) }

  scenario("deletes in a namespace", core) { |world| world.client.delete_pod("web", "place") }
  scenario("deletes without a namespace", core) { |world| world.client.delete_node("one") }
  scenario("deletes with options", core) do |world|
    world.client.delete_pod("web", "place", delete_options: { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0 })
  end
  scenario("deletes with options in a Resource", core) do |world|
    world.client.delete_pod("web", "place", delete_options: Kubeclient::Resource.new(propagationPolicy: "Foreground"))
  end
  scenario("deletes with an empty set of options", core) { |world| world.client.delete_pod("web", "place", delete_options: {}) }

  scenario("answers a write in the client's format", core) { |world| world.client("", "v1", as: :parsed).create_pod(thing.call) }
  scenario("processes a template", "GET /api/v1" => serves("pods" => "Pod"),
                                   "POST /api/v1/namespaces/place/processedtemplates" => { objects: [] }) do |world|
    world.client.process_template(metadata: { name: "t", namespace: "place" }, parameters: [{ name: "A", value: "1" }])
  end

  scenario("wants a name to get one", core, raises: "ArgumentError") { |world| world.client.get_pod }
  scenario("wants an object to create", core, raises: "ArgumentError") { |world| world.client.create_pod }
  scenario("wants a name to delete", core, raises: "ArgumentError") { |world| world.client.delete_pod }
  scenario("an object without metadata can be created", { "GET /api/v1" => serves("pods" => "Pod"), "POST /api/v1/pods" => {} },
           raises: "NoMethodError", differs: "bad-object") { |world| world.client.create_pod({}) }
  scenario("an object without metadata cannot be updated", core, raises: "NoMethodError", differs: "bad-object") do |world|
    world.client.update_pod({})
  end
end
