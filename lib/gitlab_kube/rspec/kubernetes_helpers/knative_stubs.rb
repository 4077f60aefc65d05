# frozen_string_literal: true

# Stubs the list of Knative services that the serverless page reads.
module GitlabKube
  module RSpec
    # Knative services, stubbed.
    module KubernetesHelpers
      # @param options [Hash] `namespace:`, `name:` and `domain:` of the one service, or the whole WebMock `response:`.
      #   The hash given is filled with what was used, as GitLab's specs expect
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_knative_services(namespace: "functions", name: "hello")
      def stub_kubeclient_knative_services(options = {})
        options[:name] ||= "kubetest"
        options[:domain] ||= "example.com"
        options[:response] ||= kube_response(kube_knative_services_body(**options))
        stub_kubeclient_discover(service.api_url)
        path = "/apis/serving.knative.dev/v1alpha1/#{kube_namespace_path(options[:namespace])}services"
        stub_kubernetes_call(:get, service.api_url, path, options[:response])
      end
    end
  end
end
