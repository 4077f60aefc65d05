# frozen_string_literal: true

require "json"
require "time"
require_relative "../configuration"

module GitlabKube
  module Instrumentation
    # A line of kubernetes.log about a call that failed: a Hash for loggers that want one, JSON for every other.
    # @api private
    class FailureLine
      # Answers that programs ask for: is it there, is it mine, is it too old?
      ORDINARY = [404, 409, 410].freeze

      # @param error [StandardError]
      # @param facts [Hash] of the call
      # @param seconds [Float] it took
      # @return [void]
      # @raise nothing: a log never changes what is logged
      def self.write(error, facts, seconds)
        logger = GitlabKube.config.logger or return
        level = ORDINARY.include?((error.error_code if error.respond_to?(:error_code))) ? :debug : :warn
        logger.public_send(level) { new(level, error, facts, seconds) }
      rescue StandardError
        nil
      end

      # @param level [Symbol]
      def initialize(level, error, facts, seconds)
        known = Facts.of_error(error)
        @facts = {
          severity: level.to_s.upcase, time: Time.now.utc.iso8601(3), correlation_id: GitlabKube.config.current_correlation_id,
          event: :kube_request_failed, class_name: "GitlabKube::Connection", exception: known[:error_class], error_code: known[:code],
          reason: known[:reason], duration_s: seconds.round(6), **facts
        }.compact
      end

      # @return [Hash{Symbol => Object}]
      def to_hash
        @facts
      end
      alias to_h to_hash

      # @return [Hash{Symbol => Object}] for ActiveSupport
      def as_json(*)
        @facts
      end

      # @return [String] JSON: what a logger writes that does not know Hashes
      def inspect
        JSON.generate(@facts)
      end
      alias to_s inspect

      # @return [String]
      def to_json(*arguments)
        @facts.to_json(*arguments)
      end
    end
  end
end
