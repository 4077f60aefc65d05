# frozen_string_literal: true

# The nodes of a cluster and how busy they are.

module GitlabKube
  module Services
    # Never raises a StandardError: what went wrong is in the answer.
    #
    # @example
    #   GitlabKube::Services::NodeUsage.new(client, cluster_id: 7).execute
    #   # => { nodes: [{ "metadata" => { "name" => "node-1" }, "status" => …, "usage" => { "cpu" => "144208668n", … } }] }
    class NodeUsage
      # @param client [KubeClient]
      # @param cluster_id [Object] told to the error tracker with errors nobody expected
      def initialize(client, cluster_id:)
        @client = client
        @cluster_id = cluster_id
      end

      # @return [Hash] nodes, node_connection_error and metrics_connection_error, each only where there is one
      def execute
        nodes = ask { @client.get_nodes.map { |node| describe(node) } }
        usages = ask { @client.metrics_client.get_nodes.to_h { |metric| [metric.dig(:metadata, :name), usage(metric[:usage])] } }
        {
          nodes: merge(nodes[:response], usages[:response] || {}),
          node_connection_error: nodes[:connection_error],
          metrics_connection_error: usages[:connection_error]
        }.compact
      end

      private

      # Reading an answer is a part of asking: a server may write what it likes where a node should be.
      def ask(&block)
        KubeClient.graceful_request(@cluster_id, &block)
      end

      def merge(nodes, usages)
        return if nodes.nil? || nodes.empty?

        nodes.map { |node| node.merge(usages[node.dig("metadata", "name")] || {}) }
      end

      def describe(node)
        { "metadata" => { "name" => node.dig(:metadata, :name) }, "status" => status(node) }
      end

      def usage(amounts)
        amounts ? { "usage" => quantities(amounts) } : {}
      end

      def status(node)
        %w[capacity allocatable].to_h { |kind| [kind, quantities(node.dig(:status, kind))] }
      end

      def quantities(amounts)
        %w[cpu memory].to_h { |name| [name, amounts&.[](name)] }
      end
    end
  end
end
