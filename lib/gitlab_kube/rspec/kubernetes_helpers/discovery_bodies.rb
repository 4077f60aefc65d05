# frozen_string_literal: true

# What the API server says it serves, as GitLab's specs have it: incomplete, and here and there wrong on purpose.
module GitlabKube
  module RSpec
    # What servers say they serve.
    module KubernetesHelpers
      # @return [Hash] the core group. Config maps are missing and namespaces are called namespaced: clients must cope with both
      # @example
      #   stub_request(:get, "#{api_url}/api/v1").to_return(kube_response(kube_v1_discovery_body))
      def kube_v1_discovery_body
        kube_discovery_body(
          "nodes" => ["Node", false], "pods" => "Pod", "deployments" => "Deployment", "secrets" => "Secret",
          "serviceaccounts" => "ServiceAccount", "services" => "Service", "namespaces" => "Namespace"
        )
      end

      # @return [Hash] the extensions group before Kubernetes 1.16
      # @example
      #   stub_request(:get, "#{api_url}/apis/extensions/v1beta1").to_return(kube_response(kube_extensions_v1beta1_discovery_body))
      def kube_extensions_v1beta1_discovery_body
        kube_discovery_body("deployments" => "Deployment", "ingresses" => "Ingress")
      end

      # @return [Hash] the extensions group from Kubernetes 1.16 on: no deployments, and a kind that does not fit its name
      # @example
      #   stub_request(:get, "#{api_url}/apis/extensions/v1beta1").to_return(kube_response(kube_1_16_extensions_v1beta1_discovery_body))
      def kube_1_16_extensions_v1beta1_discovery_body
        kube_discovery_body("ingresses" => "Deployment")
      end

      # @return [Hash] the extensions group from Kubernetes 1.22 on: nothing
      # @example
      #   kube_1_22_extensions_v1beta1_discovery_body["resources"] # => []
      def kube_1_22_extensions_v1beta1_discovery_body
        kube_discovery_body({})
      end

      # @return [Hash] the apps group
      # @example
      #   stub_request(:get, "#{api_url}/apis/apps/v1").to_return(kube_response(kube_apps_v1_discovery_body))
      def kube_apps_v1_discovery_body
        kube_discovery_body("deployments" => "Deployment")
      end

      # @return [Hash] the RBAC group
      # @example
      #   kube_v1_rbac_authorization_discovery_body["resources"].map { |resource| resource["kind"] }
      def kube_v1_rbac_authorization_discovery_body
        kube_discovery_body(
          "clusterrolebindings" => ["ClusterRoleBinding", false], "clusterroles" => ["ClusterRole", false],
          "rolebindings" => "RoleBinding", "roles" => "Role"
        )
      end

      # @return [Hash] the metrics group
      # @example
      #   stub_request(:get, "#{api_url}/apis/metrics.k8s.io/v1beta1").to_return(kube_response(kube_metrics_v1beta1_discovery_body))
      def kube_metrics_v1beta1_discovery_body
        kube_discovery_body("nodes" => ["NodeMetrics", false], "pods" => "PodMetrics")
      end

      # @return [Hash] the networking group
      # @example
      #   stub_request(:get, "#{api_url}/apis/networking.k8s.io/v1").to_return(kube_response(kube_v1_networking_discovery_body))
      def kube_v1_networking_discovery_body
        { "apiVersion" => "v1", "groupVersion" => "networking.k8s.io/v1" }.merge(kube_discovery_body("ingresses" => "Ingress"))
      end

      # @return [Hash] Knative's serving group
      # @example
      #   kube_v1alpha1_serving_knative_discovery_body["resources"].map { |resource| resource["name"] }
      def kube_v1alpha1_serving_knative_discovery_body
        kube_discovery_body("revisions" => "Revision", "services" => "Service", "configurations" => "Configuration", "routes" => "Route")
      end

      # @return [Hash] Knative's serving group, there but empty
      # @example
      #   kube_knative_discovery_body["resources"] # => []
      def kube_knative_discovery_body
        kube_discovery_body({})
      end

      # @param kinds [Hash{String => String, Array}] plural name => kind, or [kind, namespaced]
      # @return [Hash] an APIResourceList
      # @example
      #   kube_discovery_body("pods" => "Pod", "nodes" => ["Node", false])
      def kube_discovery_body(kinds)
        resources = kinds.map do |name, (kind, namespaced)|
          { "name" => name, "namespaced" => namespaced.nil? || namespaced, "kind" => kind }
        end
        { "kind" => "APIResourceList", "resources" => resources }
      end
    end
  end
end
