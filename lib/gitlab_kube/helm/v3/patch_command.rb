# frozen_string_literal: true

# Changes some values of an installed chart and keeps the others.

require_relative "base_command"

module GitlabKube
  module Helm
    module V3
      # @example
      #   GitlabKube::Helm::V3::PatchCommand.new(name: "ingress", chart: "stable/nginx", version: "1.29.7", rbac: true, files: files)
      class PatchCommand < BaseCommand
        # @return [Object]
        attr_reader :chart, :repository
        # @return [String]
        attr_accessor :version

        # @param chart [String]
        # @param version [String] of the installed chart: values mean nothing to another one
        # @param repository [String, nil]
        # @param base [Hash] rbac, name and files, as for {BaseCommand#initialize}
        # @raise [ArgumentError] without a version
        def initialize(chart:, version:, repository: nil, **base)
          super(**base)
          raise ArgumentError, "version is required" if version.to_s.strip.empty?

          @chart = chart
          @version = version
          @repository = repository
        end

        private

        def script
          [*repository_commands, ["helm", "upgrade", name, chart, "--reuse-values", *version_flag, *target_flags].shelljoin]
        end
      end
    end
  end
end
