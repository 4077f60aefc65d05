# frozen_string_literal: true

require_relative "../backoff"
require_relative "../report"
require_relative "initial_events"
require_relative "store"

module GitlabKube
  class Informer
    # Finds out what there is, watches, and begins anew when the watch cannot go on, for ever. Runs in the informer's thread.
    # @api private
    class Reflector
      # Raised in the thread by {Informer#stop}. It interrupts waits for the network and between tries; never a subscriber.
      class Stopped < Exception; end # rubocop:disable Lint/InheritException -- no `rescue => e` on the way may swallow it

      # Items of one page of a list.
      PAGE = 500

      # @return [StandardError, nil] why there is no connection; nil while all is well
      attr_reader :last_error

      # @param client [SubClient]
      # @param resource [String]
      # @param options [Hash] namespace, label_selector, field_selector, metadata_only
      # @param send_initial_events [Boolean] whether a watch is asked what there is, or a list
      # @yieldparam type [Symbol] :replace with all entries, :put or :delete with one
      # @yieldparam what [Array<Store::Entry>, Store::Entry]
      def initialize(client, resource, options, idle:, send_initial_events: false, &tell)
        @client = client
        @resource = resource
        @options = options
        @idle = idle
        @send_initial_events = send_initial_events
        @tell = tell
        @backoff = Backoff.new
      end

      # @return [Thread] that runs this until {Stopped} is raised in it
      def start
        uninterrupted { Thread.new { run } } # a new thread is born with the mask of its maker
      end

      private

      def run
        loop { round }
      rescue Stopped
        nil
      end

      def round
        version, entries, stream = interruptible { @send_initial_events ? initial_events : snapshot }
        @tell.call(:replace, entries)
        follow(version, stream)
      rescue GoneError => e
        rest(e, @backoff.after(nil)) # what happened since is found by listing
      rescue StandardError => e
        rest(e, @backoff.failed(e))
      end

      def rest(error, seconds)
        @last_error = error
        Report.event("informer_failed.gitlab_kube", :warn, "an informer lists anew in #{seconds.round(1)} s after #{error.class}",
                     exception: error, resource: @resource)
        interruptible { sleep(seconds) }
      end

      # A server that does not know how, or may not, says 422 to all of the words: from then on it is asked for a list, as by client-go.
      # @return [Array(String, Array<Store::Entry>, Native::Stream)] the stream goes on with what comes after
      def initial_events
        InitialEvents.new(idle: @idle, &@client.initial_events_opener(@resource, **@options)).read
      rescue UnprocessableError
        @send_initial_events = false
        snapshot
      end

      # Compaction may overtake the pages of a large list; then it is fetched in one piece, as client-go does.
      # @return [Array(String, Array<Store::Entry>)] the version, and what there is
      def snapshot
        read { |page| @client.each_page(@resource, limit: PAGE, as: :ros, **@options, &page) }
      rescue GoneError
        read { |page| page.call(@client.list(@resource, as: :ros, **@options)) }
      end

      # Each object is copied out of its page, and the page let go. All pages are of one version.
      # @yieldparam page [Proc] takes a page
      def read
        version = nil
        entries = []
        yield(lambda do |page|
          version = page.resource_version
          entries.concat(page.detached_nodes.map { |node| Store::Entry.of(node) })
        end)
        [version, entries]
      end

      def follow(version, begun)
        state = ->(error) { @last_error = error }
        watch = @client.watch_events(@resource, version, begun: begun, idle: @idle, on_state: state, **@options)
        interruptible { watch.each { |event| uninterrupted { passed(*event) } } }
      end

      def passed(type, node, *)
        @backoff.reset
        case type
        when "ADDED", "MODIFIED" then @tell.call(:put, Store::Entry.of(node))
        when "DELETED" then @tell.call(:delete, Store::Entry.of(node))
        end
      end

      def interruptible(&block)
        Thread.handle_interrupt(Stopped => :immediate, &block)
      end

      def uninterrupted(&block)
        Thread.handle_interrupt(Stopped => :never, &block)
      end
    end
  end
end
