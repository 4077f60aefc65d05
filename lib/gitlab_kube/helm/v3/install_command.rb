# frozen_string_literal: true

# Installs a chart, or replaces the values of an installed one.

require_relative "base_command"

module GitlabKube
  module Helm
    module V3
      # @example
      #   GitlabKube::Helm::V3::InstallCommand.new(name: "ingress", chart: "stable/nginx-ingress", rbac: true, files: files)
      class InstallCommand < BaseCommand
        # @return [Object]
        attr_reader :chart, :repository, :preinstall, :postinstall
        # @return [String, nil]
        attr_accessor :version

        # @param chart [String]
        # @param version [String, nil]
        # @param repository [String, nil]
        # @param preinstall [Array<String>, nil] shell that runs before
        # @param postinstall [Array<String>, nil] shell that runs after
        # @param base [Hash] rbac, name and files, as for {BaseCommand#initialize}
        def initialize(chart:, version: nil, repository: nil, preinstall: nil, postinstall: nil, **base)
          super(**base)
          @chart = chart
          @version = version
          @repository = repository
          @preinstall = preinstall
          @postinstall = postinstall
        end

        private

        def script
          [*repository_commands, *lines(preinstall), install, *lines(postinstall)]
        end

        def install
          ["helm", "upgrade", name, chart, "--install", "--atomic", "--cleanup-on-fail", "--reset-values",
           *version_flag, "--set", "rbac.create=#{rbac?},rbac.enabled=#{rbac?}", *target_flags].shelljoin
        end

        def lines(commands)
          Array(commands).map(&:chomp)
        end
      end
    end
  end
end
