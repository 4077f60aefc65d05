# frozen_string_literal: true

# Stubs the reads of pods, deployments and logs that an environment page makes.
module GitlabKube
  module RSpec
    # Pods, deployments and logs, stubbed.
    module KubernetesHelpers
      # The last lines GitLab asks a log for.
      KUBE_LOGS_LIMIT = 500

      # The groups that serve deployments: the newest last, whose stub is what a helper returns.
      KUBE_DEPLOYMENT_GROUPS = %w[extensions/v1beta1 apps/v1].freeze

      # @param response [Hash, nil] a WebMock response; one pod unless given
      # @param options [Hash] `namespace:`
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_service_pods({ status: 500 }, namespace: "gitlab")
      def stub_kubeclient_service_pods(response = nil, options = {})
        stub_kubeclient_discover(service.api_url)
        path = "/api/v1/#{kube_namespace_path(options[:namespace])}pods"
        stub_kubernetes_call(:get, service.api_url, path, response || kube_pods_response)
      end

      # @param namespace [String]
      # @param status [Integer, nil] answer with this code and nothing else
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_pods("gitlab", status: 404)
      def stub_kubeclient_pods(namespace, status: nil)
        stub_kubeclient_discover(service.api_url)
        stub_kubernetes_call(:get, service.api_url, "/api/v1/namespaces/#{namespace}/pods", kube_status_or(status, kube_pods_response))
      end

      # @param pod [String] its name
      # @param namespace [String]
      # @param status [Integer, nil] answer with this code and nothing else
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_pod_details("web-0", "gitlab")
      def stub_kubeclient_pod_details(pod, namespace, status: nil)
        stub_kubeclient_discover(service.api_url)
        path = "/api/v1/namespaces/#{namespace}/pods/#{pod}"
        stub_kubernetes_call(:get, service.api_url, path, kube_status_or(status, kube_pod_response))
      end

      # @param pod_name [String]
      # @param namespace [String]
      # @param container [String, nil]
      # @param status [Integer, nil] answer with this code
      # @param message [String, nil] and, with a status, this message
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_logs("web-0", "gitlab", container: "web", status: 400, message: "container is starting")
      def stub_kubeclient_logs(pod_name, namespace, container: nil, status: nil, message: nil)
        stub_kubeclient_discover(service.api_url)
        response = kube_status_or(status, kube_logs_response)
        response = response.merge(kube_response({ message: message })) if status && message
        query = "#{"container=#{container}&" if container}tailLines=#{KUBE_LOGS_LIMIT}&timestamps=true"
        stub_kubernetes_call(:get, service.api_url, "/api/v1/namespaces/#{namespace}/pods/#{pod_name}/log?#{query}", response)
      end

      # Stubs both groups that have served deployments: which one is asked depends on the client's age.
      #
      # @param namespace [String]
      # @param status [Integer, nil] answer with this code and nothing else
      # @return [WebMock::RequestStub] that of the apps group
      # @example
      #   stub_kubeclient_deployments("gitlab")
      def stub_kubeclient_deployments(namespace, status: nil)
        stub_kubeclient_discover(service.api_url)
        response = kube_status_or(status, kube_deployments_response)
        KUBE_DEPLOYMENT_GROUPS.map do |group|
          stub_kubernetes_call(:get, service.api_url, "/apis/#{group}/namespaces/#{namespace}/deployments", response)
        end.last
      end
    end
  end
end
