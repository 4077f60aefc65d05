# frozen_string_literal: true

require "tempfile"
require "timeout"

# Every way from a Ruby program to the network: each a call that needs a connection of its own.
module Entries
  YAML_OBJECT = "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: web}\n"

  # Of a KubeClient.
  CLIENT = {
    "get" => ->(c) { c.get_pod("a", "web") },
    "list" => ->(c) { c.get_pods(namespace: "web") },
    "pages" => ->(c) { c.core_client.each_page("pods", limit: 1) { nil } },
    "create" => ->(c) { c.create_pod({ metadata: { name: "a", namespace: "web" } }) },
    "update" => ->(c) { c.update_secret({ metadata: { name: "a", namespace: "web" } }) },
    "patch" => ->(c) { c.core_client.patch("pods", "a", {}, namespace: "web") },
    "delete" => ->(c) { c.delete_pod("a", "web") },
    "delete_collection" => ->(c) { c.core_client.delete_collection("pods", namespace: "web") },
    "apply_yaml" => ->(c) { c.apply_yaml(YAML_OBJECT, field_manager: "a") },
    "create_or_update" => ->(c) { c.create_or_update_secret(GitlabKube::Resource.new(metadata: { name: "a", namespace: "web" })) },
    "create_token" => ->(c) { c.create_token("a", "web") },
    "raw" => ->(c) { c.raw(:get, "/readyz", as: :text) },
    "server_version" => ->(c) { c.server_version },
    "discover" => ->(c) { c.core_client.discover },
    "api_resources" => ->(c) { c.api_resources },
    "log" => ->(c) { c.get_pod_log("a", "web") },
    "watch_pod_log" => ->(c) { c.watch_pod_log("a", "web") { nil } },
    "watch" => ->(c) { c.watch_pods(namespace: "web") { nil } },
    "wait_for" => ->(c) { c.core_client.wait_for("pods", "a", namespace: "web", deleted: true, timeout: 10) },
    "exec" => ->(c) { c.core_client.exec("a", "web", "id") },
    "attach" => ->(c) { c.core_client.attach("a", "web") },
    "copy_to_pod" => ->(c) { c.core_client.copy_to_pod("a", "web", __FILE__, "/tmp/a") },
    "copy_from_pod" => ->(c) { Dir.mktmpdir { |dir| c.core_client.copy_from_pod("a", "web", "/tmp/a", "#{dir}/a") } },
    "port_forward" => ->(c) { c.core_client.port_forward("a", "web", 80, &:read) }
  }.freeze

  # Of kubeclient's door: it is given a URL.
  DOOR = {
    "Kubeclient discover" => ->(k) { k.discover },
    "Kubeclient get_pods" => ->(k) { k.get_pods(namespace: "web") },
    "Kubeclient create_pod" => ->(k) { k.create_pod(Kubeclient::Resource.new(metadata: { name: "a", namespace: "web" })) },
    "Kubeclient watch_pods" => ->(k) { k.watch_pods(namespace: "web").each(&:itself) },
    "Kubeclient get_pod_log" => ->(k) { k.get_pod_log("a", "web") },
    "Kubeclient api" => ->(k) { k.api }
  }.freeze

  # In threads of their own, which raise nothing in the caller.
  SILENT = {
    "informer" => lambda do |c|
      pods = c.core_client.informer("pods").start
      sleep 0.01 until pods.last_error || pods.synced?
      pods.stop
      raise pods.last_error if pods.last_error
    end,
    "local port_forward" => lambda do |c|
      c.core_client.port_forward("a", "web", 80, local_port: 0) { |forward| TCPSocket.open("127.0.0.1", forward.port, &:read) }
    end
  }.freeze

  # @param client [KubeClient]
  # @return [Hash{String => Proc}]
  def self.of(client, url, **options)
    door = Kubeclient::Client.new(url, "v1", **options)
    CLIENT.merge(SILENT).transform_values { |call| -> { call.call(client) } }.merge(DOOR.transform_values { |call| -> { call.call(door) } })
  end
end
