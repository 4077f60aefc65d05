# frozen_string_literal: true

# The stubs and bodies that specs of GitLab's cluster code are written with, under the names those specs use.
require "base64"
require "json"
require "webmock"

module GitlabKube
  # What specs are written with.
  module RSpec
    # What a Kubernetes API server answers, as WebMock stubs: they serve any HTTP library that WebMock knows, this gem included.
    #
    # Helpers that take no `api_url` ask the including example for `service.api_url`.
    #
    # @example
    #   RSpec.describe MyService do
    #     include GitlabKube::RSpec::KubernetesHelpers
    #
    #     before { stub_kubeclient_discover("https://kubernetes.example.com") }
    #   end
    module KubernetesHelpers
      # @param body [Object] what the server says, to be written as JSON
      # @return [Hash] a WebMock response: status 200 and no Content-Type, as GitLab's stubs have it
      # @example
      #   stub_request(:get, url).to_return(kube_response(kube_pod))
      def kube_response(body)
        { body: body.to_json }
      end

      # Stubs one call to the API server. Every other stub goes through here.
      #
      # @param verb [Symbol] an HTTP verb
      # @param api_url [String] the cluster's address, with its path prefix if it has one
      # @param path [String] from `/api` or `/apis` on
      # @param response [Hash, Array<Hash>] what WebMock's `to_return` takes; several are answered one after another
      # @return [WebMock::RequestStub]
      # @example
      #   stub_kubernetes_call(:get, api_url, "/api/v1/nodes", { status: 403 })
      def stub_kubernetes_call(verb, api_url, path, response = kube_response({}))
        WebMock.stub_request(verb, api_url + path).to_return(*[response].flatten(1))
      end

      # @param status [Integer, nil] an HTTP code to answer with an empty body instead
      # @param response [Hash] the answer otherwise
      # @return [Hash] a WebMock response
      # @example
      #   kube_status_or(404, kube_pods_response) # => { status: 404 }
      def kube_status_or(status, response)
        status ? { status: status } : response
      end

      # @param namespace [String, nil]
      # @return [String] the part of a path that names a namespace, or nothing
      # @example
      #   kube_namespace_path("gitlab") # => "namespaces/gitlab/"
      def kube_namespace_path(namespace)
        namespace.to_s.empty? ? "" : "namespaces/#{namespace}/"
      end
    end
  end
end

require_relative "kubernetes_helpers/discovery_bodies"
require_relative "kubernetes_helpers/discovery_stubs"
require_relative "kubernetes_helpers/workload_bodies"
require_relative "kubernetes_helpers/workload_stubs"
require_relative "kubernetes_helpers/account_stubs"
require_relative "kubernetes_helpers/node_stubs"
require_relative "kubernetes_helpers/ingress_stubs"
require_relative "kubernetes_helpers/istio_stubs"
require_relative "kubernetes_helpers/knative_bodies"
require_relative "kubernetes_helpers/knative_stubs"
require_relative "kubernetes_helpers/environment_bodies"
