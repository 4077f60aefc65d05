# frozen_string_literal: true

# Nodes and what they use, as stubs and as bodies.
module GitlabKube
  module RSpec
    # Nodes, stubbed.
    module KubernetesHelpers
      # The one node of the stubbed cluster.
      NODE_NAME = "gke-cluster-applications-default-pool-49b7f225-v527"

      # @param api_url [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_nodes("https://kubernetes.example.com")
      def stub_kubeclient_nodes(api_url)
        stub_kubeclient_discover_base(api_url)
        stub_kubernetes_call(:get, api_url, "/api/v1/nodes", nodes_response)
      end

      # @param api_url [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_nodes_and_nodes_metrics("https://kubernetes.example.com")
      def stub_kubeclient_nodes_and_nodes_metrics(api_url)
        stub_kubeclient_nodes(api_url)
        stub_kubernetes_call(:get, api_url, "/apis/metrics.k8s.io/v1beta1/nodes", nodes_metrics_response)
      end

      # @return [Hash] what the node has, and what of it pods may take
      # @example
      #   kube_node["status"]["capacity"]["cpu"] # => "2"
      def kube_node
        {
          "metadata" => { "name" => NODE_NAME },
          "status" => {
            "capacity" => { "cpu" => "2", "memory" => "7657228Ki" },
            "allocatable" => { "cpu" => "1930m", "memory" => "5777164Ki" }
          }
        }
      end

      # @return [Hash] what the node uses
      # @example
      #   kube_node_metrics["usage"]["cpu"] # => "144208668n"
      def kube_node_metrics
        { "metadata" => { "name" => NODE_NAME }, "usage" => { "cpu" => "144208668n", "memory" => "1789048Ki" } }
      end

      # @return [Hash] a list of one node
      # @example
      #   nodes_body["items"].size # => 1
      def nodes_body
        { "kind" => "NodeList", "items" => [kube_node] }
      end

      # @return [Hash] a list of one node's metrics; the metrics server says "List" where one expects NodeMetricsList
      # @example
      #   nodes_metrics_body["kind"] # => "List"
      def nodes_metrics_body
        { "kind" => "List", "items" => [kube_node_metrics] }
      end

      # @return [Hash] a WebMock response
      # @example
      #   stub_request(:get, "#{api_url}/api/v1/nodes").to_return(nodes_response)
      def nodes_response
        kube_response(nodes_body)
      end

      # @return [Hash] a WebMock response
      # @example
      #   stub_request(:get, "#{api_url}/apis/metrics.k8s.io/v1beta1/nodes").to_return(nodes_metrics_response)
      def nodes_metrics_response
        kube_response(nodes_metrics_body)
      end
    end
  end
end
