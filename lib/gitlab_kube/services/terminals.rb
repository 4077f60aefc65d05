# frozen_string_literal: true

# The terminals an environment offers.

require_relative "../kubernetes"

module GitlabKube
  module Services
    # Works on what {EnvironmentData} answered; makes no request.
    #
    # @example
    #   GitlabKube::Services::Terminals.new(
    #     api_url: platform.api_url, token: platform.token, ca_pem: platform.ca_pem, namespace: namespace, max_session_time: 3600
    #   ).execute(data[:pods], app: project.full_path_slug, env: environment.slug)
    class Terminals
      include Kubernetes

      # @param api_url [String]
      # @param namespace [String]
      # @param token [String]
      # @param ca_pem [String, nil]
      # @param max_session_time [Integer] seconds; 0 for no limit
      def initialize(api_url:, namespace:, token:, ca_pem: nil, max_session_time: 0)
        @api_url = api_url
        @namespace = namespace
        @auth = { token: token, ca_pem: ca_pem, max_session_time: max_session_time }
      end

      # @param pods [Array<Hash>]
      # @param app [String] the project's full path as a slug
      # @param env [String] the environment's slug
      # @return [Array<Hash>] what Workhorse is given; they hold the credential
      def execute(pods, app:, env:)
        terminals = filter_by_project_environment(pods, app, env).flat_map { |pod| terminals_for_pod(@api_url, @namespace, pod) || [] }
        terminals.each { |terminal| add_terminal_auth(terminal, **@auth) }
      end

      # @return [String] without the credential
      def inspect
        "#<#{self.class} #{@namespace}>"
      end
    end
  end
end
