# frozen_string_literal: true

# Istio's gateways, as stubs and as bodies.
module GitlabKube
  module RSpec
    # Gateways, stubbed.
    module KubernetesHelpers
      # plural => kind, short names
      KUBE_ISTIO_KINDS = {
        "gateways" => ["Gateway", %w[gw]], "serviceentries" => ["ServiceEntry", %w[se]],
        "destinationrules" => ["DestinationRule", %w[dr]], "envoyfilters" => ["EnvoyFilter", nil],
        "sidecars" => ["Sidecar", nil], "virtualservices" => ["VirtualService", %w[vs]]
      }.freeze

      # @param api_url [String]
      # @param name [String]
      # @param namespace [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_get_gateway(api_url, "knative-ingress-gateway", namespace: "knative-serving")
      def stub_kubeclient_get_gateway(api_url, name, namespace: "default")
        stub_kubernetes_call(:get, api_url, kube_gateway_path(name, namespace), kube_response(kube_istio_gateway_body(name, namespace)))
      end

      # @param api_url [String]
      # @param name [String]
      # @param namespace [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_put_gateway(api_url, "knative-ingress-gateway", namespace: "knative-serving")
      def stub_kubeclient_put_gateway(api_url, name, namespace: "default")
        stub_kubernetes_call(:put, api_url, kube_gateway_path(name, namespace))
      end

      # @return [Hash] Istio's networking group, with everything a real server tells of each resource
      # @example
      #   stub_request(:get, "#{api_url}/apis/networking.istio.io/v1alpha3").to_return(kube_response(kube_istio_discovery_body))
      def kube_istio_discovery_body
        {
          "kind" => "APIResourceList", "apiVersion" => "v1", "groupVersion" => "networking.istio.io/v1alpha3",
          "resources" => KUBE_ISTIO_KINDS.map { |name, (kind, short_names)| kube_istio_resource(name, kind, short_names) }
        }
      end

      # @param name [String]
      # @param namespace [String]
      # @return [Hash] a gateway for HTTP, and for HTTPS that passes through
      # @example
      #   kube_istio_gateway_body("knative-ingress-gateway", "knative-serving")
      def kube_istio_gateway_body(name, namespace)
        labels = { "networking.knative.dev/ingress-provider" => "istio", "serving.knative.dev/release" => "v0.7.0" }
        {
          "apiVersion" => "networking.istio.io/v1alpha3", "kind" => "Gateway",
          "metadata" => {
            "generation" => 1, "labels" => labels, "name" => name, "namespace" => namespace,
            "selfLink" => kube_gateway_path(name, namespace)
          },
          "spec" => { "selector" => { "istio" => "ingressgateway" }, "servers" => kube_istio_servers }
        }
      end

      private

      def kube_gateway_path(name, namespace)
        "/apis/networking.istio.io/v1alpha3/namespaces/#{namespace}/gateways/#{name}"
      end

      def kube_istio_resource(name, kind, short_names)
        {
          "name" => name, "singularName" => kind.downcase, "namespaced" => true, "kind" => kind,
          "verbs" => %w[delete deletecollection get list patch create update watch],
          "shortNames" => short_names, "categories" => %w[istio-io networking-istio-io]
        }.compact
      end

      def kube_istio_servers
        [
          { "hosts" => ["*"], "port" => { "name" => "http", "number" => 80, "protocol" => "HTTP" } },
          {
            "hosts" => ["*"], "port" => { "name" => "https", "number" => 443, "protocol" => "HTTPS" },
            "tls" => { "mode" => "PASSTHROUGH" }
          }
        ]
      end
    end
  end
end
