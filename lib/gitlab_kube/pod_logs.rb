# frozen_string_literal: true

module GitlabKube
  # Logs of pods: what is there, and what comes.
  module PodLogs
    # A log as a String that also answers `body`, as kubeclient's does.
    class Log < String
      # @return [String] itself
      def body
        self
      end
    end

    # @param pod [String]
    # @param namespace [String]
    # @param container [String, nil] needed where the pod has several
    # @param options [Hash] previous, timestamps, since_time, since_seconds, tail_lines, limit_bytes
    # @return [Log]
    def get_pod_log(pod = nil, namespace = nil, container: nil, **options)
      @connection.check
      Log.new(request(:get, "pods", **log_request(pod, namespace, container, options), want: :text)).force_encoding(Encoding::UTF_8)
    end

    # Follows a log. Without a block, returns a stream to read from and to finish.
    # @yieldparam line [String] without its newline
    # @return [LogStream, nil]
    def watch_pod_log(pod = nil, namespace = nil, container: nil, **options, &block)
      @connection.check
      facts = log_request(pod, namespace, container, options.merge(follow: true))
      stream = LogStream.new { request(:get, "pods", **facts, want: :stream) }
      block ? stream.each(&block) : stream
    end

    # Lines of a log as they come.
    class LogStream < WatchStream
      # @api private
      def initialize(&open)
        super(nil, &open)
      end

      # @yieldparam line [String] without its newline
      # @return [nil, Enumerator]
      def each
        return to_enum(:each) unless block_given?

        stream = open or return
        while (line = stream.line)
          yield line
        end
      ensure
        leave if block_given?
      end
    end

    private

    def log_request(pod, namespace, container, options)
      raise InvalidArgumentError, "a log needs a pod and a namespace" unless pod && namespace

      pairs = Query.pairs({ container: container }.merge(options), Query::LOG)
      { namespace: namespace, name: pod, subresource: "log", query: pairs, accept: :any }
    end
  end
end
