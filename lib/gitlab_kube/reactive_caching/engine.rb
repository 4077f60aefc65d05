# frozen_string_literal: true

require_relative "../report"

module GitlabKube
  # Where values are kept and who computes them: one engine per process, chosen on first use.
  module ReactiveCaching
    @choosing = Mutex.new
    @on_error = nil

    class << self
      # The engine in use. Without a choice: distributed where `Rails.cache` and Sidekiq are, embedded elsewhere.
      # @return [Embedded, Distributed]
      # @raise nothing
      # @example
      #   GitlabKube::ReactiveCaching.engine
      def engine
        @engine || @choosing.synchronize { @engine ||= make(distributed? ? :distributed : :embedded) }
      end

      # @param choice [Symbol, Object, nil] `:embedded`, `:distributed`, an engine, or nil to choose again
      # @return [void]
      # @raise [ArgumentError] for another Symbol
      # @example
      #   GitlabKube::ReactiveCaching.engine = :embedded
      def engine=(choice)
        @choosing.synchronize { @engine = choice.is_a?(Symbol) ? make(choice) : choice }
      end

      # Hears of every refresh that failed, with the error itself: for the application's error tracking.
      # @yieldparam error [StandardError]
      # @yieldparam context [Hash] `key:`, `code:` and `times:`
      # @return [void]
      # @raise nothing
      # @example
      #   GitlabKube::ReactiveCaching.on_error { |error, context| Gitlab::ErrorTracking.track_exception(error, **context) }
      def on_error(&block)
        @on_error = block
      end

      # @api private
      def failed(error, key, failure)
        context = { key: key, code: failure.code, times: failure.times }
        Report.event("refresh_failed.gitlab_kube", :warn, "refresh of #{key} failed: #{failure.code}, #{failure.times} in a row", **context)
        @on_error&.call(error, context)
      rescue StandardError => e # it is not what is tracked that failed: the next refresh comes all the same
        Report.event("on_error_failed.gitlab_kube", :error, "what on_error was given has failed (#{e.class})", key: key, code: e.class.name)
      end

      private

      def distributed?
        defined?(::Sidekiq) && defined?(::Rails) && ::Rails.respond_to?(:cache) && !::Rails.cache.nil?
      end

      def make(choice)
        case choice
        when :embedded
          require_relative "embedded"
          Embedded.new
        when :distributed
          require_relative "distributed"
          Distributed.new
        else raise ArgumentError, "an engine is :embedded or :distributed"
        end
      end
    end
  end
end
