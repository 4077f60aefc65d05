# frozen_string_literal: true

# The kubeconfig GitLab gives to deploy jobs.

require_relative "../kubeconfig/template"

module GitlabKube
  module Kubernetes
    # One cluster, one user and one context, all of one name.
    module DeployKubeconfig
      # Of cluster, user, context and current context.
      NAME = "gitlab-deploy"

      # @param url [String]
      # @param namespace [String]
      # @param token [String, nil]
      # @param ca_pem [String, nil]
      # @return [String, nil] YAML; nil without a token
      # @example
      #   to_kubeconfig(url: api_url, namespace: "production", token: token)
      def to_kubeconfig(url:, namespace:, token:, ca_pem: nil)
        return if token.to_s.empty?

        template = Kubeconfig::Template.new
        template.add_cluster(name: NAME, url: url, ca_pem: ca_pem)
        template.add_user(name: NAME, token: token)
        template.add_context(name: NAME, cluster: NAME, user: NAME, namespace: namespace)
        template.current_context = NAME
        template.to_yaml
      end
    end
  end
end
