# frozen_string_literal: true

# Ingresses, plain and canary, as stubs and as bodies.
module GitlabKube
  module RSpec
    # Ingresses, stubbed.
    module KubernetesHelpers
      # The groups that serve ingresses: the newest last, whose stub is what the helper returns.
      KUBE_INGRESS_GROUPS = %w[extensions/v1beta1 networking.k8s.io/v1].freeze

      # What makes an ingress a canary for ingress-nginx.
      KUBE_CANARY_ANNOTATIONS = {
        "nginx.ingress.kubernetes.io/canary" => "true",
        "nginx.ingress.kubernetes.io/canary-by-header" => "canary",
        "nginx.ingress.kubernetes.io/canary-weight" => "50"
      }.freeze

      # Stubs both groups that have served ingresses: which one is asked depends on the client's age.
      #
      # @param namespace [String]
      # @param status [Integer, nil] answer with this code and nothing else
      # @param method [Symbol] an HTTP verb
      # @param resource_path [String] `/` and a name, for one ingress
      # @param response [Hash] a WebMock response
      # @return [WebMock::RequestStub] that of the networking group
      # @example
      #   stub_kubeclient_ingresses("gitlab", method: :patch, resource_path: "/production-auto-deploy")
      def stub_kubeclient_ingresses(namespace, status: nil, method: :get, resource_path: "", response: kube_ingresses_response)
        stub_kubeclient_discover(service.api_url)
        KUBE_INGRESS_GROUPS.map do |group|
          path = "/apis/#{group}/namespaces/#{namespace}/ingresses#{resource_path}"
          stub_kubernetes_call(method, service.api_url, path, kube_status_or(status, response))
        end.last
      end

      # @param track [Symbol] `:stable` or `:canary`
      # @return [Hash] the ingress that Auto DevOps deploys
      # @example
      #   kube_ingress(track: :canary)
      def kube_ingress(track: :stable)
        annotations = {
          "kubernetes.io/ingress.class" => "nginx", "kubernetes.io/tls-acme" => "true",
          "meta.helm.sh/release-name" => "production", "meta.helm.sh/release-namespace" => "awesome-app-1-production"
        }
        annotations.update(KUBE_CANARY_ANNOTATIONS) if track == :canary
        { "metadata" => { "name" => "production-auto-deploy", "labels" => kube_ingress_labels, "annotations" => annotations } }
      end

      # @param with_canary [Boolean] whether a canary ingress comes after the stable one
      # @return [Hash] a list whose kind is just "List"
      # @example
      #   kube_ingresses_body(with_canary: true)["items"].size # => 2
      def kube_ingresses_body(with_canary: false)
        tracks = with_canary ? %i[stable canary] : %i[stable]
        { "kind" => "List", "items" => tracks.map { |track| kube_ingress(track: track) } }
      end

      # @param with_canary [Boolean]
      # @return [Hash] a WebMock response
      # @example
      #   stub_kubeclient_ingresses("production", response: kube_ingresses_response(with_canary: true))
      def kube_ingresses_response(with_canary: false)
        kube_response(kube_ingresses_body(with_canary: with_canary))
      end

      private

      def kube_ingress_labels
        {
          "app" => "production", "app.kubernetes.io/managed-by" => "Helm", "chart" => "auto-deploy-app-2.0.0-beta.2",
          "heritage" => "Helm", "release" => "production"
        }
      end
    end
  end
end
