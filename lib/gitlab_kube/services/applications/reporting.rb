# frozen_string_literal: true

# What is logged of an application, and what is stored of its failure.

require_relative "../../logger"

module GitlabKube
  module Services
    module Applications
      # A stored text is shown to users, so it holds a code and our own words; never what the server wrote.
      #
      # @api private
      module Reporting
        private

        def kubernetes_failed(error)
          raise error if GitlabKube.config.debug?

          log_error(error)
          @app.make_errored!("Kubernetes error: #{error.error_code}")
        end

        def log_event(event)
          @logger.info(facts.merge(event: event))
        end

        def log_error(error)
          @logger.error(facts.merge(Logger.exception(error), error_code: (error.error_code if error.respond_to?(:error_code))))
          GitlabKube.config.error_tracker&.call(error, cluster_id: @app.cluster&.id)
        end

        def facts
          { service: self.class.name, app_id: @app.id, app_name: @app.name }
        end
      end
    end
  end
end
