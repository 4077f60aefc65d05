# frozen_string_literal: true

require_relative "errors"
require_relative "configuration"

module GitlabKube
  # Tells the application what happened: its logger ({Configuration#logger}), and ActiveSupport::Notifications where there is one.
  # Safe words only.
  # @api private
  module Report
    class << self
      # @param event [String] the name subscribers know, `"<what>.gitlab_kube"`
      # @param level [Symbol] `:debug`, `:info`, `:warn` or `:error`
      # @param words [String] one line, ours
      # @param payload [Hash] what subscribers get beside the words
      # @return [void]
      # @raise nothing: a report never breaks what it reports on
      # @example
      #   Report.event("refresh_failed.gitlab_kube", :warn, "…", code: 403)
      def event(event, level, words, **payload)
        GitlabKube.config.logger&.public_send(level, "gitlab_kube: #{words}")
        ActiveSupport::Notifications.instrument(event, payload) if defined?(ActiveSupport::Notifications)
      rescue StandardError
        nil
      end
    end
  end
end
