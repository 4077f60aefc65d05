# frozen_string_literal: true

# Pods, deployments, logs and secrets as the API server writes them, cut down to what GitLab reads.
module GitlabKube
  module RSpec
    # Pods, deployments, logs and secrets.
    module KubernetesHelpers
      # @return [Hash] a running pod with two containers
      # @example
      #   kube_pod(status: "Pending", track: "canary")
      def kube_pod(
        name: "kube-pod", container_name: "container-0", environment_slug: "production", namespace: "project-namespace",
        project_slug: "project-path-slug", status: "Running", track: nil
      )
        metadata = kube_app_metadata(name, environment_slug, project_slug, track).merge("namespace" => namespace)
        kube_running_pod(metadata, [container_name.to_s, "#{container_name}-1"], status)
      end

      # @return [Hash] a pod that serves a Knative service of the same name
      # @example
      #   kube_knative_pod(name: "kubetest", namespace: "functions")
      def kube_knative_pod(name: "kube-pod", namespace: "default", status: "Running")
        metadata = { "name" => name, "namespace" => namespace, "labels" => { "serving.knative.dev/service" => name } }
        kube_running_pod(metadata, %w[container-0 container-1], status)
      end

      # @return [Hash] a deployment the controllers have seen
      # @example
      #   kube_deployment(replicas: 0)
      def kube_deployment(
        name: "kube-deployment", environment_slug: "production", project_slug: "project-path-slug", track: nil, replicas: 3
      )
        {
          "metadata" => kube_app_metadata(name, environment_slug, project_slug, track).merge("generation" => 4),
          "spec" => { "replicas" => replicas },
          "status" => { "observedGeneration" => 4 }
        }
      end

      # @return [Hash] a list of one pod
      # @example
      #   kube_pods_body["items"].first["metadata"]["name"] # => "kube-pod"
      def kube_pods_body
        { "kind" => "PodList", "items" => [kube_pod] }
      end

      # @return [Hash] a list of one deployment
      # @example
      #   kube_deployments_body["kind"] # => "DeploymentList"
      def kube_deployments_body
        { "kind" => "DeploymentList", "items" => [kube_deployment] }
      end

      # @return [String] three lines of a log with timestamps, the last without a line end
      # @example
      #   expect(client.get_pod_log("kube-pod", "gitlab", tail_lines: 500, timestamps: true).body).to eq(kube_logs_body)
      def kube_logs_body
        (1..3).map { |number| "2019-12-13T14:04:2#{number + 1}.123456Z Log #{number}" }.join("\n")
      end

      # One secret under the kind of a list: clients must not believe the kind.
      #
      # @param options [Hash] `metadata_name:` and `token:`, which is nil for a secret the controllers have not filled yet
      # @return [Hash]
      # @example
      #   kube_v1_secret_body(token: Base64.encode64("s3cret"))
      def kube_v1_secret_body(options = {})
        {
          "kind" => "SecretList", "apiVersion" => "v1",
          "metadata" => { "name" => options.fetch(:metadata_name, "default-token-1"), "namespace" => "kube-system" },
          "data" => { "token" => options.fetch(:token, Base64.encode64("token-sample-123")) }
        }
      end

      # @return [Hash] a WebMock response
      # @example
      #   stub_request(:get, "#{api_url}/api/v1/namespaces/gitlab/pods").to_return(kube_pods_response)
      def kube_pods_response
        kube_response(kube_pods_body)
      end

      # @return [Hash] a WebMock response
      # @example
      #   stub_request(:get, "#{api_url}/api/v1/namespaces/gitlab/pods/kube-pod").to_return(kube_pod_response)
      def kube_pod_response
        kube_response(kube_pod)
      end

      # @return [Hash] a WebMock response; plain text, not JSON
      # @example
      #   stub_request(:get, "#{api_url}/api/v1/namespaces/gitlab/pods/kube-pod/log").to_return(kube_logs_response)
      def kube_logs_response
        { body: kube_logs_body }
      end

      # @return [Hash] a WebMock response
      # @example
      #   stub_request(:get, "#{api_url}/apis/apps/v1/namespaces/gitlab/deployments").to_return(kube_deployments_response)
      def kube_deployments_response
        kube_response(kube_deployments_body)
      end

      private

      def kube_app_metadata(name, environment_slug, project_slug, track)
        {
          "name" => name,
          "annotations" => { "app.gitlab.com/env" => environment_slug, "app.gitlab.com/app" => project_slug },
          "labels" => { "track" => track }.compact
        }
      end

      def kube_running_pod(metadata, container_names, status)
        {
          "metadata" => metadata.merge(
            "generateName" => "generated-name-with-suffix", "creationTimestamp" => "2016-11-25T19:55:19Z"
          ),
          "spec" => { "containers" => container_names.map { |name| { "name" => name } } },
          "status" => { "phase" => status }
        }
      end
    end
  end
end
