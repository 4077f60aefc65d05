# frozen_string_literal: true

require "monitor"
require_relative "../report"

module GitlabKube
  class Informer
    # Who is told what changed. One change is told to all before the next; a newcomer is first told what is there.
    # @api private
    class Subscribers
      def initialize
        @lock = Monitor.new # a subscriber may subscribe another
        @blocks = []
      end

      # @param changes [#call] gives what the newcomer is to be told
      def add(block, &changes)
        @lock.synchronize do
          changes.call.each { |change| tell(block, change) }
          @blocks += [block]
        end
      end

      def remove(block)
        @lock.synchronize { @blocks -= [block] }
      end

      # @return [Boolean] whether it is a subscriber who asks. It must not wait for the informer's thread, which may wait for its end
      def telling?
        @lock.mon_owned?
      end

      # @yieldreturn [Array<Array(String, Resource, Resource)>] makes the changes, and says what they were
      def deliver
        @lock.synchronize do
          yield.each { |change| @blocks.each { |block| tell(block, change) } }
        end
      end

      private

      # What a subscriber raises is its own affair, and reported. Its words may hold anything, so they are not.
      def tell(block, change)
        block.call(*change)
      rescue StandardError => e
        Report.event("informer_subscriber_failed.gitlab_kube", :error, "an informer's subscriber raised #{e.class}", exception: e)
      end
    end
  end
end
