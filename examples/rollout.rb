# frozen_string_literal: true

# Rolls out a Deployment and watches its pods until all are running.
# KUBECONFIG=… ruby -Ilib examples/rollout.rb
require_relative "support/cluster"

module Rollout
  module_function

  def deployment(namespace, replicas)
    labels = { app: "web" }
    template = { metadata: { labels: labels }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name: "web", image: "web:1" }] } }
    { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: namespace },
      spec: { replicas: replicas, selector: { matchLabels: labels }, template: template } }
  end

  # @yieldparam name [String] of each pod that has come up
  def make(client, namespace, replicas: 5)
    client.apps_client.apply_deployment(deployment(namespace, replicas), field_manager: "example")
    running = []
    each_state(client, namespace) do |pod|
      next if pod.status.phase != "Running" || running.include?(pod.metadata.name)

      running << pod.metadata.name
      yield running.last
      return if running.size == replicas
    end
  end

  # The pods that are there, then every change.
  def each_state(client, namespace, &block)
    pods = client.get_pods(namespace: namespace, label_selector: { app: "web" })
    pods.each(&block)
    client.watch_pods(namespace: namespace, label_selector: { app: "web" }, resource_version: pods.resource_version) do |notice|
      yield notice.object
    end
  end
end

Cluster.in_namespace { |client, name| Rollout.make(client, name) { |pod| puts "#{pod} is running" } } if $PROGRAM_NAME == __FILE__
