# frozen_string_literal: true

require_relative "reactive_caching"
require_relative "web_request_guard"

module GitlabKube
  # What a Rails application gets by loading the gem.
  #
  # @example config/application.rb
  #   config.gitlab_kube.settings = -> { Gitlab::CurrentSettings.current_application_settings }
  #   config.gitlab_kube.replaces = %w[Gitlab::Kubernetes::KubeClient] # its file is still there, and not loaded any more
  class Railtie < ::Rails::Railtie
    # The application has files that are not loaded, and does not say that it knows.
    class ShadowedFiles < StandardError; end

    config.gitlab_kube = ActiveSupport::OrderedOptions.new
    config.gitlab_kube.replaces = []

    rake_tasks { load File.expand_path("tasks/shadowed.rake", __dir__) }

    initializer "gitlab_kube.logger", after: :initialize_logger do
      GitlabKube.config.logger ||= ::Rails.logger
    end

    # Outermost, so that the bodies of every other middleware are inside the request too.
    initializer "gitlab_kube.web_request_guard" do |app|
      app.middleware.insert_before 0, WebRequestGuard
    end

    initializer "gitlab_kube.settings", after: :load_config_initializers do |app|
      settings = app.config.gitlab_kube.settings
      GitlabKube.config.follow(settings) if settings
    end

    # The last step before the application is loaded; the autoloaders are set up then, under any name Rails gave that step.
    initializer "gitlab_kube.shadowed", after: :build_middleware_stack, before: :eager_load! do |app|
      Railtie.check(app) if Railtie.gitlab_names?
    end

    class << self
      # @return [Boolean] whether `require "gitlab_kube/gitlab"` was said
      # @api private
      def gitlab_names?
        defined?(::Gitlab::Kubernetes) && ::Gitlab::Kubernetes.include?(GitlabKube::Kubernetes)
      end

      # @raise [ShadowedFiles] in development and test
      # @api private
      def check(app)
        forgotten = shadowed.reject { |_, name| app.config.gitlab_kube.replaces.include?(name) }
        return if forgotten.empty?

        words = "gitlab_kube/gitlab has these constants, so their files are not loaded: remove them, or name them in " \
                "config.gitlab_kube.replaces\n#{forgotten.map { |file, name| "#{name} #{file}" }.join("\n")}"
        raise ShadowedFiles, words if ::Rails.env.development? || ::Rails.env.test?

        ::Rails.logger&.warn(words)
      end

      # @return [Hash{String => String}] see {Shadowed#files}
      # @api private
      def shadowed
        require_relative "shadowed"
        Shadowed.new(::Rails.autoloaders).files
      end
    end
  end
end
