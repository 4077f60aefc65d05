# frozen_string_literal: true

require_relative "informer"
require_relative "resuming_watch"
require_relative "watch_stream"

module GitlabKube
  # What happens to a collection: as a stream of notices, or as a copy that keeps itself up to date.
  module Watches
    # What happens since `resource_version`; without one it begins with what is there, each object as ADDED. It ends when the server
    # ends it, and raises when it was cut. With `resume: true` it goes on after both, from the last event on; what is there when it
    # begins is then read from a list, whose items do not say their kind and apiVersion.
    # @param resume [Boolean]
    # @param options [Hash] resource_version, label_selector, field_selector, timeout_seconds, allow_watch_bookmarks, …
    # @option options [Numeric, nil] :idle seconds of silence after which the server is taken for dead; nil waits for ever. When
    #   resuming {ResumingWatch::IDLE} unless said otherwise
    # @option options [Boolean] :allow_watch_bookmarks when resuming, bookmarks are always asked for, and this passes them on
    # @option options [Boolean] :metadata_only whether to get each object's metadata only: far less to send
    # @return [WatchStream, nil] nil when a block was given and the watch has ended
    # @raise [GoneError] the version is too old (when not resuming, an ERROR notice may say so instead)
    # @raise [TimeoutError] where `idle` has passed, and it does not resume
    # @example
    #   client.watch_pods(namespace: "web", resume: true) { |notice| puts "#{notice.type} #{notice.object.metadata.name}" }
    def watch(resource, namespace: nil, name: nil, as: nil, resume: false, **options, &block)
      format = DocumentFormat.check(as || @format)
      options = options.merge(field_selector: ["metadata.name=#{name}", options[:field_selector]].compact.join(",")) if name
      stream = resume ? resuming_watch(resource, namespace, format, **options) : plain_watch(resource, namespace, format, **options)
      block ? stream.each(&block) : stream
    end

    # A copy of a collection that keeps itself up to date.
    # @param resource [String] such as "pods"
    # @param options [Hash] namespace, label_selector, field_selector, idle, metadata_only, send_initial_events: {Informer#initialize}
    # @return [Informer] not started yet
    # @example
    #   pods = client.core_client.informer("pods", namespace: "web").start
    #   pods.wait_until_synced(10)
    #   pods.get("web-1", "web")
    def informer(resource, **options)
      Informer.new(self, resource, **options)
    end

    # The watch of an {Informer}: it knows what there is, and wants the core's events as they are.
    # @param begun [Native::Stream, nil] one that stands already, at that version
    # @api private
    def watch_events(resource, version, on_state:, begun: nil, namespace: nil, idle: ResumingWatch::IDLE, **options)
      open = watch_opener(resource, namespace, options.merge(allow_watch_bookmarks: true))
      ResumingWatch.new(:itself.to_proc, version: version, idle: idle, on_state: on_state) do |from|
        begun.tap { begun = nil } || open.call(from)
      end
    end

    # @return [Proc] opens a watch that begins with what there is, and says where that ends
    # @api private
    def initial_events_opener(resource, namespace: nil, **options)
      beginning = { allow_watch_bookmarks: true, send_initial_events: true, resource_version_match: "NotOlderThan" }
      watch_opener(resource, namespace, options.merge(beginning))
    end

    private

    def plain_watch(resource, namespace, format, idle: nil, **options)
      WatchStream.new(->(event) { DocumentFormat.notice(event, format) }, idle: idle, &watch_opener(resource, namespace, options))
    end

    # A version of "0" is any version: as without one, the server would begin with what is there, in no order one could go on from.
    def resuming_watch(resource, namespace, format, idle: ResumingWatch::IDLE, allow_watch_bookmarks: false, **options)
      # It would be asked for at each reconnect, and all there is told again.
      raise InvalidArgumentError, "a watch that resumes begins with a list: no send_initial_events" if options[:send_initial_events]

      opener = watch_opener(resource, namespace, options.merge(allow_watch_bookmarks: true))
      version, first = first_notices(resource, namespace, format, options)
      ResumingWatch.new(->(event) { DocumentFormat.notice(event, format) },
                        version: version, first: first, bookmarks: allow_watch_bookmarks, idle: idle, &opener)
    end

    def first_notices(resource, namespace, format, options)
      version = options[:resource_version].to_s
      return [version, []] unless version.empty? || version == "0"

      listing = options.slice(:label_selector, :field_selector, :resource_version, :metadata_only)
      list = list(resource, namespace: namespace, as: :ros, **listing)
      [list.resource_version, list.lazy.map { |object| DocumentFormat.added(object, format) }]
    end

    # @return [Proc] opens a stream, from the version it is given, or from that of the options
    def watch_opener(resource, namespace, options)
      accept = options[:metadata_only] ? :partial_metadata : :json
      options = options.except(:metadata_only)
      Query.pairs(options, Query::WATCH) # says at once what it does not know
      lambda do |version = options[:resource_version]|
        pairs = Query.pairs(options.merge(resource_version: version), Query::WATCH).unshift(%w[watch true])
        request(:get, resource, namespace: namespace, query: pairs, want: :stream, accept: accept)
      end
    end
  end
end
