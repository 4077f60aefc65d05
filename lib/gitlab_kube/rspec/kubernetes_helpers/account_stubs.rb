# frozen_string_literal: true

# Stubs the calls that give a project its place in a cluster: namespaces, service accounts, secrets and roles.
module GitlabKube
  module RSpec
    # Every helper here takes the cluster's address first, answers `{}` unless its name says otherwise, and returns the WebMock stub.
    module KubernetesHelpers
      # Where the RBAC group lives.
      KUBE_RBAC_PATH = "/apis/rbac.authorization.k8s.io/v1"

      # The reason GitLab's stubs give with every error, whatever the code.
      KUBE_ERROR_REASON = "Internal Server Error"

      # @param api_url [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_create_namespace(api_url)
      def stub_kubeclient_create_namespace(api_url)
        stub_kubernetes_call(:post, api_url, "/api/v1/namespaces")
      end

      # @param api_url [String]
      # @param namespace [String]
      # @param response [Hash] a WebMock response
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_get_namespace(api_url, namespace: "production")
      def stub_kubeclient_get_namespace(api_url, namespace: "default", response: kube_response({}))
        stub_kubernetes_call(:get, api_url, "/api/v1/namespaces/#{namespace}", response)
      end

      # @param api_url [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_get_namespaces(api_url)
      def stub_kubeclient_get_namespaces(api_url)
        stub_kubernetes_call(:get, api_url, "/api/v1/namespaces", kube_response(kube_v1_namespace_list_body))
      end

      # @param api_url [String]
      # @param options [Hash] `metadata_name:`, `namespace:` and `token:`
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_get_secret(api_url, metadata_name: "gitlab-token")
      def stub_kubeclient_get_secret(api_url, **options)
        stub_kubernetes_call(:get, api_url, kube_secret_path(options), kube_response(kube_v1_secret_body(options)))
      end

      # @param api_url [String]
      # @param name [String]
      # @param namespace [String]
      # @param status [Integer]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_get_secret_error(api_url, "gitlab", namespace: "production", status: 403)
      def stub_kubeclient_get_secret_error(api_url, name, namespace: "default", status: 404)
        stub_kubernetes_error(:get, api_url, "/api/v1/namespaces/#{namespace}/secrets/#{name}", status)
      end

      # @param api_url [String]
      # @param options [Hash] `metadata_name:`, `namespace:` and `token:`
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_get_secret_not_found_then_found(api_url, metadata_name: "gitlab-token")
      def stub_kubeclient_get_secret_not_found_then_found(api_url, **options)
        found = kube_response(kube_v1_secret_body(options))
        stub_kubernetes_call(:get, api_url, kube_secret_path(options), [{ status: [404, "Not Found"] }, found])
      end

      # @param api_url [String]
      # @param options [Hash] `metadata_name:`, `namespace:` and `token:`
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_get_secret_missing_token_then_with_token(api_url, metadata_name: "gitlab-token")
      def stub_kubeclient_get_secret_missing_token_then_with_token(api_url, **options)
        answers = [options.merge(token: nil), options].map { |secret| kube_response(kube_v1_secret_body(secret)) }
        stub_kubernetes_call(:get, api_url, kube_secret_path(options), answers)
      end

      # @param api_url [String]
      # @param namespace [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_create_secret(api_url, namespace: "production")
      def stub_kubeclient_create_secret(api_url, namespace: "default")
        stub_kubernetes_call(:post, api_url, "/api/v1/namespaces/#{namespace}/secrets")
      end

      # @param api_url [String]
      # @param name [String]
      # @param namespace [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_put_secret(api_url, "gitlab", namespace: "production")
      def stub_kubeclient_put_secret(api_url, name, namespace: "default")
        stub_kubernetes_call(:put, api_url, "/api/v1/namespaces/#{namespace}/secrets/#{name}")
      end

      # @param api_url [String]
      # @param name [String]
      # @param namespace [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_get_service_account(api_url, "gitlab", namespace: "production")
      def stub_kubeclient_get_service_account(api_url, name, namespace: "default")
        stub_kubernetes_call(:get, api_url, "/api/v1/namespaces/#{namespace}/serviceaccounts/#{name}")
      end

      # @param api_url [String]
      # @param name [String]
      # @param namespace [String]
      # @param status [Integer]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_get_service_account_error(api_url, "gitlab", namespace: "production", status: 403)
      def stub_kubeclient_get_service_account_error(api_url, name, namespace: "default", status: 404)
        stub_kubernetes_error(:get, api_url, "/api/v1/namespaces/#{namespace}/serviceaccounts/#{name}", status)
      end

      # @param api_url [String]
      # @param namespace [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_create_service_account(api_url, namespace: "production")
      def stub_kubeclient_create_service_account(api_url, namespace: "default")
        stub_kubernetes_call(:post, api_url, "/api/v1/namespaces/#{namespace}/serviceaccounts")
      end

      # @param api_url [String]
      # @param namespace [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_create_service_account_error(api_url, namespace: "production")
      def stub_kubeclient_create_service_account_error(api_url, namespace: "default")
        stub_kubernetes_error(:post, api_url, "/api/v1/namespaces/#{namespace}/serviceaccounts", 500)
      end

      # @param api_url [String]
      # @param name [String]
      # @param namespace [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_put_service_account(api_url, "gitlab", namespace: "production")
      def stub_kubeclient_put_service_account(api_url, name, namespace: "default")
        stub_kubernetes_call(:put, api_url, "/api/v1/namespaces/#{namespace}/serviceaccounts/#{name}")
      end

      # @param api_url [String]
      # @param name [String]
      # @param status [Integer]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_get_cluster_role_binding_error(api_url, "gitlab", status: 403)
      def stub_kubeclient_get_cluster_role_binding_error(api_url, name, status: 404)
        stub_kubernetes_error(:get, api_url, "#{KUBE_RBAC_PATH}/clusterrolebindings/#{name}", status)
      end

      # @param api_url [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_create_cluster_role_binding(api_url)
      def stub_kubeclient_create_cluster_role_binding(api_url)
        stub_kubernetes_call(:post, api_url, "#{KUBE_RBAC_PATH}/clusterrolebindings")
      end

      # @param api_url [String]
      # @param name [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_put_cluster_role_binding(api_url, "gitlab")
      def stub_kubeclient_put_cluster_role_binding(api_url, name)
        stub_kubernetes_call(:put, api_url, "#{KUBE_RBAC_PATH}/clusterrolebindings/#{name}")
      end

      # @param api_url [String]
      # @param name [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_put_cluster_role(api_url, "gitlab")
      def stub_kubeclient_put_cluster_role(api_url, name)
        stub_kubernetes_call(:put, api_url, "#{KUBE_RBAC_PATH}/clusterroles/#{name}")
      end

      # @param api_url [String]
      # @param name [String]
      # @param namespace [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_get_role_binding(api_url, "gitlab", namespace: "production")
      def stub_kubeclient_get_role_binding(api_url, name, namespace: "default")
        stub_kubernetes_call(:get, api_url, "#{KUBE_RBAC_PATH}/namespaces/#{namespace}/rolebindings/#{name}")
      end

      # @param api_url [String]
      # @param name [String]
      # @param namespace [String]
      # @param status [Integer]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_get_role_binding_error(api_url, "gitlab", namespace: "production", status: 403)
      def stub_kubeclient_get_role_binding_error(api_url, name, namespace: "default", status: 404)
        stub_kubernetes_error(:get, api_url, "#{KUBE_RBAC_PATH}/namespaces/#{namespace}/rolebindings/#{name}", status)
      end

      # @param api_url [String]
      # @param namespace [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_create_role_binding(api_url, namespace: "production")
      def stub_kubeclient_create_role_binding(api_url, namespace: "default")
        stub_kubernetes_call(:post, api_url, "#{KUBE_RBAC_PATH}/namespaces/#{namespace}/rolebindings")
      end

      # @param api_url [String]
      # @param name [String]
      # @param namespace [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_put_role_binding(api_url, "gitlab", namespace: "production")
      def stub_kubeclient_put_role_binding(api_url, name, namespace: "default")
        stub_kubernetes_call(:put, api_url, "#{KUBE_RBAC_PATH}/namespaces/#{namespace}/rolebindings/#{name}")
      end

      # @param api_url [String]
      # @param name [String]
      # @param namespace [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_delete_role_binding(api_url, "gitlab", namespace: "production")
      def stub_kubeclient_delete_role_binding(api_url, name, namespace: "default")
        stub_kubernetes_call(:delete, api_url, "#{KUBE_RBAC_PATH}/namespaces/#{namespace}/rolebindings/#{name}")
      end

      # @param api_url [String]
      # @param name [String]
      # @param namespace [String]
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubeclient_put_role(api_url, "gitlab", namespace: "production")
      def stub_kubeclient_put_role(api_url, name, namespace: "default")
        stub_kubernetes_call(:put, api_url, "#{KUBE_RBAC_PATH}/namespaces/#{namespace}/roles/#{name}")
      end

      # @param names [Array<String>]
      # @return [Hash] a NamespaceList
      # @example
      #   kube_v1_namespace_list_body(%w[gitlab knative-serving])["items"].size # => 2
      def kube_v1_namespace_list_body(names = %w[knative-serving])
        { "kind" => "NamespaceList", "apiVersion" => "v1", "items" => names.map { |name| { "metadata" => { "name" => name } } } }
      end

      private

      def kube_secret_path(options)
        "/api/v1/namespaces/#{options.fetch(:namespace, 'default')}/secrets/#{options.fetch(:metadata_name, 'default-token-1')}"
      end

      def stub_kubernetes_error(verb, api_url, path, status)
        stub_kubernetes_call(verb, api_url, path, status: [status, KUBE_ERROR_REASON])
      end
    end
  end
end
