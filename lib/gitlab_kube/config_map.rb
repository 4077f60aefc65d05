# frozen_string_literal: true

# The ConfigMap an application's Helm pod mounts.

require_relative "manifest"

module GitlabKube
  # @example
  #   GitlabKube::ConfigMap.new("ingress", { "values.yaml": yaml }).generate
  class ConfigMap
    include Manifest

    # Where applications live.
    NAMESPACE = "gitlab-managed-apps"

    # @return [Object]
    attr_reader :name, :files

    # @param name [String] of the application
    # @param files [Hash] file name → content
    def initialize(name, files)
      @name = name
      @files = files
    end

    # @return [Resource]
    def generate
      Resource.new(metadata: { name: config_map_name, namespace: NAMESPACE, labels: { name: config_map_name } }, data: files)
    end

    # @return [String]
    def config_map_name
      "values-content-configuration-#{name}"
    end

    private

    def check
      Names.subdomain(config_map_name, "a config map")
      files.each_key { |file| Names.data_key(file, "a config map's key") }
    end
  end
end
