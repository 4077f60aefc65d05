# frozen_string_literal: true

# Shell for kubectl, quoted.

require "shellwords"

module GitlabKube
  # Each method answers one command line; every argument is quoted.
  module KubectlCmd
    class << self
      # @param args [Array<String>]
      # @return [String]
      # @example
      #   GitlabKube::KubectlCmd.delete("configmap", "--ignore-not-found", "web")
      def delete(*args)
        %w[kubectl delete].concat(args).shelljoin
      end

      # @param filename [String]
      # @param args [Array<String>]
      # @return [String]
      # @raise [ArgumentError] without a file name
      def apply_file(filename, *args)
        raise ArgumentError, "filename is not present" if filename.to_s.strip.empty?

        ["kubectl", "apply", "-f", filename, *args].shelljoin
      end

      # @param args [Array<String>]
      # @return [String]
      def api_resources(*args)
        %w[kubectl api-resources].concat(args).shelljoin
      end

      # @param group [String] an API group, whose custom resource definitions go
      # @return [String]
      def delete_crds_from_group(group)
        "#{api_resources('-o', 'name', '--api-group', group)} | xargs #{delete('--ignore-not-found', 'crd')}"
      end
    end
  end
end
