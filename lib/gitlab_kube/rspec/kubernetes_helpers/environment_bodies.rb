# frozen_string_literal: true

# What GitLab makes of a pod or a deployment: terminals and rollout statuses.
require "date"
require_relative "../../kubernetes"
require_relative "../../rollout_status"

module GitlabKube
  module RSpec
    # Terminals and rollout statuses.
    module KubernetesHelpers
      include GitlabKube::Kubernetes

      # @param service [#api_url, #token, #ca_pem] the cluster
      # @param pod [Hash] as {#kube_pod} makes it
      # @return [Array<Hash>] one terminal for each container, with credentials
      # @example
      #   expect(service.terminals(environment, pods: [pod])).to eq(kube_terminals(service, pod))
      def kube_terminals(service, pod)
        pod["spec"]["containers"].map do |container|
          terminal = kube_terminal(service, pod, container["name"])
          terminal[:ca_pem] = service.ca_pem unless service.ca_pem.to_s.empty?
          terminal
        end
      end

      # @return [GitlabKube::RolloutStatus] of one deployment
      # @example
      #   allow(environment).to receive(:rollout_status).and_return(kube_deployment_rollout_status)
      def kube_deployment_rollout_status(ingresses: [])
        GitlabKube::RolloutStatus.from_deployments(kube_deployment, ingresses: ingresses)
      end

      # @return [GitlabKube::RolloutStatus] of nothing
      # @example
      #   allow(environment).to receive(:rollout_status).and_return(empty_deployment_rollout_status)
      def empty_deployment_rollout_status
        GitlabKube::RolloutStatus.from_deployments
      end

      private

      def kube_terminal(service, pod, container_name)
        name, namespace, created_at = pod["metadata"].values_at("name", "namespace", "creationTimestamp")
        {
          selectors: { pod: name, container: container_name },
          url: container_exec_url(service.api_url, namespace, name, container_name),
          subprotocols: ["channel.k8s.io"],
          headers: { "Authorization" => ["Bearer #{service.token}"] },
          created_at: DateTime.parse(created_at),
          max_session_time: 0
        }
      end
    end
  end
end
