# frozen_string_literal: true

# The namespace of a project's environment.

require_relative "environment_slug"

module GitlabKube
  # @example
  #   GitlabKube::DefaultNamespace.new(cluster, project: project).from_environment_slug("production") # => "web-12-production"
  class DefaultNamespace
    # A namespace is an RFC 1123 label.
    MAX_LENGTH = 63

    # @return [Object]
    attr_reader :cluster, :project

    # @param cluster [#platform_kubernetes, #managed?, #namespace_per_environment?]
    # @param project [#id, #path]
    def initialize(cluster, project:)
      @cluster = cluster
      @project = project
    end

    # @param name [String] of the environment
    # @return [String]
    def from_environment_name(name)
      from_environment_slug(slugger.new(name).generate)
    end

    # @param slug [String] of the environment
    # @return [String]
    def from_environment_slug(slug)
      configured = cluster.platform_kubernetes&.namespace
      configured.to_s.empty? ? for_project(slug) : for_platform(configured, slug)
    end

    private

    def slugger
      defined?(::Gitlab::Slug::Environment) ? ::Gitlab::Slug::Environment : EnvironmentSlug
    end

    def for_platform(configured, slug)
      cluster.managed? && cluster.namespace_per_environment? ? "#{configured}-#{slug}" : configured
    end

    # The project's path gives way where all is too long.
    def for_project(slug)
      suffix = ["", project.id, (slug if cluster.namespace_per_environment?)].compact.join("-")
      sanitise("#{project.path.downcase[0, MAX_LENGTH - suffix.length]}#{suffix}")
    end

    def sanitise(text)
      text.gsub(/[^-a-z0-9]/, "-").sub(/\A-+/, "")
    end
  end
end
