# frozen_string_literal: true

# What Helm's commands have in common.

require "shellwords"
require_relative "../../cluster_role_binding"
require_relative "../../config_map"
require_relative "../../service_account"

module GitlabKube
  module Helm
    # Helm 3's commands.
    module V3
      # A script, the pod that runs it, and the account that pod needs.
      class BaseCommand
        # Of the image's Helm.
        HELM_VERSION = "3.2.4"

        # @return [Object]
        attr_reader :name, :files

        # @param rbac [Boolean] whether the cluster uses RBAC, so that the pod needs an account
        # @param name [String] of the release
        # @param files [Hash] file name → content
        def initialize(rbac:, name:, files:)
          @rbac = rbac
          @name = name
          @files = files
        end

        # @return [Hash{Symbol => String}] of the pod's container
        def env
          { HELM_VERSION: HELM_VERSION, COMMAND_SCRIPT: generate_script }
        end

        # @return [Boolean]
        def rbac?
          @rbac
        end

        # @return [String]
        def pod_name
          "install-#{name}"
        end

        # @return [String] shell
        def generate_script
          "#{['set -xeo pipefail', *script].join("\n")}\n"
        end

        # @return [Resource]
        def pod_resource
          Pod.new(self, NAMESPACE, service_account_name: service_account_name).generate
        end

        # @return [Resource]
        def config_map_resource
          ConfigMap.new(name, files).generate
        end

        # @return [Resource, nil]
        def service_account_resource
          ServiceAccount.new(SERVICE_ACCOUNT, NAMESPACE).generate if rbac?
        end

        # @return [Resource, nil]
        def cluster_role_binding_resource
          ClusterRoleBinding.new(CLUSTER_ROLE_BINDING, CLUSTER_ROLE, [subject]).generate if rbac?
        end

        # @return [Array<Symbol, String>]
        def file_names
          files.keys
        end

        # @return [String] no file's content
        def inspect
          "#<#{self.class} #{name}>"
        end

        private

        attr_reader :chart, :repository, :version

        def service_account_name
          SERVICE_ACCOUNT if rbac?
        end

        def subject
          { kind: "ServiceAccount", name: SERVICE_ACCOUNT, namespace: NAMESPACE }
        end

        def repository_commands
          return [] unless repository

          [%w[helm repo add].concat([name, repository]).shelljoin, "helm repo update"]
        end

        def version_flag
          version ? ["--version", version] : []
        end

        def target_flags
          ["--namespace", NAMESPACE, "-f", "/data/helm/#{name}/config/values.yaml"]
        end
      end
    end
  end
end
