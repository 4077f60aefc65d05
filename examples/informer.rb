# frozen_string_literal: true

# Keeps a copy of a namespace's config maps while somebody changes them, and answers from it without asking the server.
# KUBECONFIG=… ruby -Ilib examples/informer.rb
require_relative "support/cluster"

module InformerExample
  module_function

  # @yieldparam words [String] what has happened
  # @return [Array<String>] the blue ones, in the end
  def run(client, namespace)
    settings = client.core_client.informer("configmaps", namespace: namespace, label_selector: { app: "web" })
    settings.add_index(:colour) { |config_map| config_map.data.colour }
    settings.subscribe { |type, config_map, _former| yield "#{type} #{config_map.metadata.name}: #{config_map.data.colour}" }
    settings.start.wait_until_synced(30)
    change(client, namespace)
    sleep 0.01 until settings.map { |config_map| config_map.data.colour } == ["blue"] # nothing is lost, but it takes a moment
    settings.by_index(:colour, "blue").map { |config_map| config_map.metadata.name }
  ensure
    settings&.stop
  end

  def change(client, namespace)
    client.create_config_map(config_map(namespace, "one", "red"))
    client.create_config_map(config_map(namespace, "two", "blue"))
    client.update_config_map(config_map(namespace, "one", "blue"))
    client.delete_config_map("two", namespace)
  end

  def config_map(namespace, name, colour)
    { metadata: { name: name, namespace: namespace, labels: { app: "web" } }, data: { colour: colour } }
  end
end

Cluster.in_namespace { |client, name| puts InformerExample.run(client, name) { |words| puts words }.inspect } if $PROGRAM_NAME == __FILE__
