# frozen_string_literal: true

require_relative "store"

module GitlabKube
  class Informer
    # What there is, as the events that a watch begins with where it is asked to (KEP-3157): the server need not put a whole list
    # together for it. The watch then goes on in the same stream.
    # @api private
    class InitialEvents
      # On the bookmark that comes after the last of them.
      END_MARK = "k8s.io/initial-events-end"

      # @yieldreturn [Native::Stream] opens the watch
      def initialize(idle:, &open)
        @idle = idle
        @open = open
        @entries = {}
      end

      # @return [Array(String, Array<Store::Entry>, Native::Stream)] the version, what there is, and the stream that goes on
      # @raise [StreamCutError] where it ends before that
      def read
        stream = @open.call
        while (event = stream.event(@idle))
          version = known(*event)
          return [version, @entries.values, stream.tap { stream = nil }] if version
        end
        raise StreamCutError.new(nil, "the watch ended before it had told what there is")
      ensure
        stream&.close
      end

      private

      # @return [String, nil] the version, at the end of the initial events
      def known(type, node, _document, version, code)
        case type
        when "ERROR" then raise ResumingWatch.refusal(code)
        when "BOOKMARK" then version if end_mark?(node)
        when "DELETED" then forget(Store::Entry.of(node))
        else remember(Store::Entry.of(node))
        end
      end

      def remember(entry)
        @entries[entry.key] = entry
        nil
      end

      def forget(entry)
        @entries.delete(entry.key)
        nil
      end

      def end_mark?(node)
        ["metadata", "annotations", END_MARK].reduce(node) { |at, name| at.get(name) if at.is_a?(Native::Node) } == "true"
      end
    end
  end
end
