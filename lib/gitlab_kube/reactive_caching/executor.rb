# frozen_string_literal: true

module GitlabKube
  module ReactiveCaching
    # The application's executor, for work in threads of ours: it gives database connections back, and knows of code that is reloaded.
    # @api private
    module Executor
      # @return what the block returns
      def self.wrap(&block)
        application = ::Rails.application if defined?(::Rails) && ::Rails.respond_to?(:application)
        application ? application.executor.wrap(&block) : yield
      end
    end
  end
end
