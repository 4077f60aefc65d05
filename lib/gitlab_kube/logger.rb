# frozen_string_literal: true

# One JSON line for each event of a cluster's life.

require "json"
require "logger"
require "time"
require_relative "errors"
require_relative "configuration"

module GitlabKube
  # Writes what GitLab's own `kubernetes.log` holds: severity, time, and the given Hash, or a String as `message`.
  #
  # @example
  #   logger = GitlabKube::Logger.new("log/kubernetes.log")
  #   logger.info(event: :begin_create, namespace: "web")
  class Logger < ::Logger
    # @return [String] the file GitLab ships to its log store
    def self.file_name
      "kubernetes.log"
    end

    # Where events go when a caller names nothing: `config.logger`, or nowhere.
    #
    # @return [::Logger]
    def self.default
      GitlabKube.config.logger || (@silent ||= new(nil))
    end

    # GitLab's way to its logger: the default one or, in Rails where none is configured, `log/kubernetes.log`.
    #
    # @return [::Logger]
    def self.build
      return default if GitlabKube.config.logger || !defined?(::Rails.root)

      @build ||= new(::Rails.root.join("log", file_name))
    end

    # What may be said of an error: its class, our own words, and the HTTP code.
    #
    # @param error [Exception]
    # @return [Hash{Symbol => Object}]
    def self.exception(error)
      {
        exception: { class: error.class.name, message: error.message },
        status_code: (error.error_code if error.respond_to?(:error_code))
      }
    end

    private

    # One line: severity, time, and what the message says.
    def format_message(severity, timestamp, _progname, message)
      facts = { severity: severity, time: timestamp.utc.iso8601(3), correlation_id: GitlabKube.config.current_correlation_id }.compact
      "#{JSON.generate(facts.merge(message.respond_to?(:to_hash) ? message.to_hash : { message: message.to_s }))}\n"
    end
  end
end
