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
        nodes = ask { @client.get_nodes }
        metrics = ask { @client.metrics_client.get_nodes }
        {
          nodes: merge(nodes[:response], metrics[:response]),
          node_connection_error: nodes[:connection_error],
          metrics_connection_error: metrics[:connection_error]
        }.compact
      end

      private

      def ask(&block)
        KubeClient.graceful_request(@cluster_id, &block)
      end

      def merge(nodes, metrics)
        return if nodes.nil? || nodes.empty?

        usages = (metrics || []).to_h { |metric| [metric.dig(:metadata, :name), metric[:usage]] }
        nodes.map { |node| describe(node, node.dig(:metadata, :name), usages) }
      end

      def describe(node, name, usages)
        facts = { "metadata" => { "name" => name }, "status" => status(node) }
        usages[name] ? facts.merge("usage" => quantities(usages[name])) : facts
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
