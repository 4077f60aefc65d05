# frozen_string_literal: true

# The nodes of a cluster and how busy they are.

require_relative "resource"

module GitlabKube
  # @example
  #   GitlabKube::Node.new(cluster).all
  #   # => { nodes: [{ "metadata" => { "name" => "node-1" }, "status" => …, "usage" => { "cpu" => "144208668n", … } }] }
  class Node
    # @param cluster [#kubeclient, #id]
    def initialize(cluster)
      @cluster = cluster
    end

    # Never raises a StandardError: what went wrong is in the answer.
    #
    # @return [Hash] nodes, node_connection_error and metrics_connection_error, each only where there is one
    def all
      nodes = ask { @cluster.kubeclient.get_nodes }
      metrics = ask { @cluster.kubeclient.metrics_client.get_nodes }
      {
        nodes: merge(nodes[:response], metrics[:response]),
        node_connection_error: nodes[:connection_error],
        metrics_connection_error: metrics[:connection_error]
      }.compact
    end

    private

    def ask(&)
      KubeClient.graceful_request(@cluster.id, &)
    end

    def merge(nodes, metrics)
      return if nodes.nil? || nodes.empty?

      usages = (metrics || []).to_h { |metric| [metric.dig(:metadata, :name), metric.usage] }
      nodes.map { |node| describe(node, usages[node.dig(:metadata, :name)]) }
    end

    def describe(node, usage)
      facts = { "metadata" => { "name" => node.dig(:metadata, :name) }, "status" => status(node) }
      usage ? facts.merge("usage" => quantities(usage)) : facts
    end

    def status(node)
      %w[capacity allocatable].to_h { |kind| [kind, quantities(node.dig(:status, kind))] }
    end

    def quantities(of)
      { "cpu" => of&.[](:cpu), "memory" => of&.[](:memory) }
    end
  end
end
