# frozen_string_literal: true

# Removes an installed chart.

require_relative "base_command"

module GitlabKube
  module Helm
    module V3
      # @example
      #   GitlabKube::Helm::V3::DeleteCommand.new(name: "ingress", rbac: true, files: {})
      class DeleteCommand < BaseCommand
        # @return [Array<String>, nil]
        attr_reader :predelete, :postdelete

        # @param predelete [Array<String>, nil] shell that runs before
        # @param postdelete [Array<String>, nil] shell that runs after
        # @param base [Hash] rbac, name and files, as for {BaseCommand#initialize}
        def initialize(predelete: nil, postdelete: nil, **base)
          super(**base)
          @predelete = predelete
          @postdelete = postdelete
        end

        # @return [String]
        def pod_name
          "uninstall-#{name}"
        end

        # @return [String] shell
        def delete_command
          ["helm", "uninstall", name, "--namespace", NAMESPACE].shelljoin
        end

        private

        def script
          [*Array(predelete), delete_command, *Array(postdelete)]
        end
      end
    end
  end
end
