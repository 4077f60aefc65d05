# frozen_string_literal: true

# The pod that runs one Helm command.

require_relative "../manifest"

module GitlabKube
  module Helm
    # @example
    #   GitlabKube::Helm::Pod.new(command, "gitlab-managed-apps", service_account_name: "tiller").generate
    class Pod
      include Manifest

      # Its tag says Helm's and kubectl's versions.
      IMAGE = "registry.gitlab.com/gitlab-org/cluster-integration/helm-install-image/releases"
      # Holds the chart's values.
      VOLUME = "configuration-volume"

      # @param command [V3::BaseCommand]
      # @param namespace_name [String]
      # @param service_account_name [String, nil]
      def initialize(command, namespace_name, service_account_name: nil)
        @command = command
        @namespace_name = namespace_name
        @service_account_name = service_account_name
      end

      # @return [Resource]
      def generate
        Resource.new(metadata: metadata, spec: spec)
      end

      private

      attr_reader :command, :namespace_name, :service_account_name

      def metadata
        {
          name: command.pod_name, namespace: namespace_name,
          labels: { "gitlab.org/action": "install", "gitlab.org/application": command.name }
        }
      end

      def spec
        { containers: [container], restartPolicy: "Never", volumes: [volume], serviceAccountName: service_account_name }.compact
      end

      def container
        {
          name: "helm",
          image: "#{IMAGE}/#{command.env.fetch(:HELM_VERSION)}-kube-#{KUBECTL_VERSION}-alpine-3.12",
          env: command.env.map { |name, value| { name: name, value: value } },
          command: %w[/bin/sh], args: %w[-c $(COMMAND_SCRIPT)],
          volumeMounts: [{ name: VOLUME, mountPath: "/data/helm/#{command.name}/config" }]
        }
      end

      def volume
        items = command.file_names.map { |file| { key: file, path: file } }
        { name: VOLUME, configMap: { name: "values-content-configuration-#{command.name}", items: items } }
      end

      def check
        Names.subdomain(command.pod_name, "a pod")
        Names.label(namespace_name, "a namespace")
        Names.subdomain(service_account_name, "a service account") if service_account_name
      end
    end
  end
end
