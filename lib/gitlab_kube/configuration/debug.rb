# frozen_string_literal: true

require_relative "../errors"

module GitlabKube
  class Configuration
    # Whether what {GracefulRequest} and the services turn into results is raised all the same, for a developer to see.
    module Debug
      # @return [Boolean] Default: whether the environment has GITLAB_KUBE_DEBUG=1
      def debug?
        @debug
      end

      # @param wanted [Boolean]
      # @raise [InvalidArgumentError] in production, where a status page must say that a cluster is down, not fail with it
      # @example config/environments/development.rb
      #   GitlabKube.config.debug = true
      def debug=(wanted)
        @debug = wanted ? true : false
        refuse_debug_in_production
      end

      # @api private
      # @raise [InvalidArgumentError]
      def refuse_debug_in_production
        return unless @debug && production?

        @debug = false
        raise InvalidArgumentError, "debugging (GITLAB_KUBE_DEBUG, config.debug) is not for production: it raises what users must not see"
      end

      private

      def production?
        ENV.values_at("RAILS_ENV", "RACK_ENV").include?("production") ||
          (defined?(::Rails) && ::Rails.respond_to?(:env) && ::Rails.env.to_s == "production")
      end
    end
  end
end
