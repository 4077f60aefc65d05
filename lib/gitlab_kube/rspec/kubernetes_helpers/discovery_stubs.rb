# frozen_string_literal: true

# Stubs the discovery requests a client sends before its first call to an API group.
module GitlabKube
  module RSpec
    # Discovery, stubbed.
    module KubernetesHelpers
      # The groups every cluster serves.
      #
      # @param api_url [String]
      # @return [void]
      # @example
      #   stub_kubeclient_discover_base("https://kubernetes.example.com")
      def stub_kubeclient_discover_base(api_url)
        {
          "/api/v1" => kube_v1_discovery_body,
          "/apis/extensions/v1beta1" => kube_extensions_v1beta1_discovery_body,
          "/apis/apps/v1" => kube_apps_v1_discovery_body,
          "/apis/rbac.authorization.k8s.io/v1" => kube_v1_rbac_authorization_discovery_body,
          "/apis/metrics.k8s.io/v1beta1" => kube_metrics_v1beta1_discovery_body
        }.each { |path, body| stub_kubernetes_call(:get, api_url, path, kube_response(body)) }
      end

      # The groups every cluster serves, networking and Knative.
      #
      # @param api_url [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_discover("https://kubernetes.example.com")
      def stub_kubeclient_discover(api_url)
        stub_kubeclient_discover_base(api_url)
        stub_knative_discovery(api_url, kube_response(kube_v1alpha1_serving_knative_discovery_body))
        stub_kubernetes_call(:get, api_url, "/apis/networking.k8s.io/v1", kube_response(kube_v1_networking_discovery_body))
      end

      # A cluster with Istio.
      #
      # @param api_url [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_discover_istio("https://kubernetes.example.com")
      def stub_kubeclient_discover_istio(api_url)
        stub_kubeclient_discover_base(api_url)
        stub_kubernetes_call(:get, api_url, "/apis/networking.istio.io/v1alpha3", kube_response(kube_istio_discovery_body))
      end

      # A cluster without Knative: the server has no such group, and says so with an empty body.
      #
      # @param api_url [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_discover_knative_not_found("https://kubernetes.example.com")
      def stub_kubeclient_discover_knative_not_found(api_url)
        stub_kubeclient_discover_base(api_url)
        stub_knative_discovery(api_url, status: [404, "Resource Not Found"])
      end

      # A cluster with Knative that serves nothing yet.
      #
      # @param api_url [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_discover_knative_found("https://kubernetes.example.com")
      def stub_kubeclient_discover_knative_found(api_url)
        stub_knative_discovery(api_url, kube_response(kube_knative_discovery_body))
      end

      private

      def stub_knative_discovery(api_url, response)
        stub_kubernetes_call(:get, api_url, "/apis/serving.knative.dev/v1alpha1", response)
      end
    end
  end
end
