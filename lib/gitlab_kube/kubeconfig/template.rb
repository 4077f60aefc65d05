# frozen_string_literal: true

# A kubeconfig in the making.

require "date"
require_relative "../plain_yaml"
require_relative "../resource"
require_relative "entry/cluster"
require_relative "entry/context"
require_relative "entry/user"

module GitlabKube
  # Kubeconfigs that GitLab writes.
  module Kubeconfig
    # @example
    #   template = GitlabKube::Kubeconfig::Template.new
    #   template.add_cluster(name: "gitlab", url: "https://kas.example.com/k8s-proxy")
    #   template.add_user(name: "agent:7", token: "ci:7:#{job_token}")
    #   template.add_context(name: "group/project:agent", cluster: "gitlab", user: "agent:7")
    #   template.to_yaml if template.valid?
    class Template
      # What a kubeconfig may hold beside plain types: expiry times of exec plugins and providers.
      PERMITTED = [Date, Time].freeze
      private_constant :PERMITTED

      # @return [String, nil]
      attr_accessor :current_context

      def initialize
        @clusters = []
        @users = []
        @contexts = []
        @current_context = nil
      end

      # @return [Boolean] whether there is any context
      def valid?
        @contexts.any?
      end

      # @param name [String]
      # @param url [String]
      # @param ca_pem [String, nil]
      # @return [void]
      def add_cluster(name:, url:, ca_pem: nil)
        @clusters << Entry::Cluster.new(name: name, url: url, ca_pem: ca_pem).to_h
      end

      # @param name [String]
      # @param token [String]
      # @return [void]
      def add_user(name:, token:)
        @users << Entry::User.new(name: name, token: token).to_h
      end

      # @param name [String]
      # @param cluster [String]
      # @param user [String]
      # @param namespace [String, nil]
      # @return [void]
      def add_context(name:, cluster:, user:, namespace: nil)
        @contexts << Entry::Context.new(name: name, cluster: cluster, user: user, namespace: namespace).to_h
      end

      # Adds what another kubeconfig has, and takes over its current context.
      #
      # @param text [String, nil] YAML
      # @return [void]
      # @raise [Psych::Exception] where it is not YAML of plain types
      def merge_yaml(text)
        return unless text

        other = PlainYaml.load(text, permitted_classes: PERMITTED, symbolize_names: true)
        return unless other.is_a?(Hash)

        @clusters.concat(Array(other[:clusters]))
        @users.concat(Array(other[:users]))
        @contexts.concat(Array(other[:contexts]))
        @current_context = other[:"current-context"]
      end

      # @return [Hash{Symbol => Object}]
      def to_h
        {
          apiVersion: "v1", kind: "Config", clusters: @clusters, users: @users, contexts: @contexts,
          "current-context": current_context
        }.compact
      end

      # @return [String]
      def to_yaml
        Psych.dump(Resource.new(to_h).as_json)
      end

      # @return [String] how many contexts; never a token
      def inspect
        "#<#{self.class} contexts=#{@contexts.size}>"
      end
    end
  end
end
