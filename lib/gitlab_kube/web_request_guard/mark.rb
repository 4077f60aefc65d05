# frozen_string_literal: true

# The mark of one web request, and the time its cluster calls have left.
require_relative "../clock"

module GitlabKube
  class WebRequestGuard
    # One web request, from the middleware to the end of its body, and the time its cluster calls have left.
    # @api private
    class Mark
      include Clock

      # @return [Symbol]
      attr_reader :mode
      # @return [Numeric] seconds for all calls together
      attr_reader :budget

      def initialize(mode, budget)
        @mode = mode
        @budget = budget
        @spent = 0.0
        @open = true
        @lock = Mutex.new
      end

      # @return [Boolean] whether the request is still being answered
      def open?
        @open
      end

      # @return [void]
      def close
        @open = false
      end

      # @return [Float] seconds; 0 or less when none are left
      def left
        @lock.synchronize { budget - @spent - (@running_since ? now - @running_since : 0) }
      end

      # Counts the block's time; without a block, all the time from here on.
      def spend(left)
        unless block_given?
          @lock.synchronize { @running_since ||= now }
          return left
        end
        started = now
        begin
          yield left
        ensure
          @lock.synchronize { @spent += now - started }
        end
      end
    end
  end
end
