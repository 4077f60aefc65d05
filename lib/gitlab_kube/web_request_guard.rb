# frozen_string_literal: true

require_relative "report"
require_relative "web_request_guard/body"
require_relative "web_request_guard/mark"
require_relative "web_request_guard/place"

module GitlabKube
  # A cluster was called while a web request was being answered.
  class ClusterCallInWebRequest < StandardError
    include Error
  end

  # Rack middleware: keeps clusters, which may be slow, broken or hostile, out of the time in which a user waits.
  #
  # It marks the request from here to the end of its body. Each call to a cluster asks {.check!} first. Reading a reactive cache asks
  # nobody. What outlives the request (a thread of its own, a job) is outside it.
  #
  # | mode      | a cluster call in a web request                                        | the default in        |
  # |-----------|------------------------------------------------------------------------|-----------------------|
  # | `:raise`  | raises {ClusterCallInWebRequest}                                       | development and test  |
  # | `:bound`  | gets what is left of half a second for the whole request, is reported | production            |
  # | `:refuse` | raises, and is reported                                                | nowhere; for when the reports have become empty |
  #
  # @example config.ru
  #   use GitlabKube::WebRequestGuard
  # @example Rails (the railtie does this)
  #   config.middleware.insert_before 0, GitlabKube::WebRequestGuard
  class WebRequestGuard
    MODES = %i[raise bound refuse].freeze
    # Seconds all cluster calls of one request may take together in `:bound`.
    BUDGET = 0.5
    LIB = File.expand_path("..", __dir__)
    private_constant :LIB

    # @param app [#call]
    # @param mode [Symbol, nil] nil: {.mode} at each request
    # @param budget [Numeric] seconds
    # @raise [ArgumentError] for another mode
    # @example
    #   use GitlabKube::WebRequestGuard, mode: :refuse
    def initialize(app, mode: nil, budget: BUDGET)
      @app = app
      @mode = mode && self.class.known(mode)
      @budget = budget
    end

    # @param env [Hash]
    # @return [Array] the response
    # @raise [Exception] what the application raises
    # @example
    #   GitlabKube::WebRequestGuard.new(app).call(env)
    def call(env)
      return @app.call(env) if env["gitlab_kube.web_request"]&.open? # an outer one has marked it

      mark = env["gitlab_kube.web_request"] = Mark.new(@mode || self.class.mode, @budget)
      Place.enter(mark)
      status, headers, body = @app.call(env)
      # A hijacked connection has left the request: https://github.com/rack/rack/blob/main/SPEC.rdoc (Hijacking)
      return [status, headers, body] if env["rack.hijack_io"] || status.to_i.negative?

      response = [status, headers, Body.new(body, mark)]
    ensure
      Place.leave(mark) if mark && !response
    end

    class << self
      # @return [Symbol] what a middleware without a mode of its own does
      # @raise nothing
      # @example
      #   GitlabKube::WebRequestGuard.mode # => :bound
      def mode
        @mode || (%w[development test].include?(environment) ? :raise : :bound)
      end

      # @param mode [Symbol, nil] nil for the default of the environment
      # @raise [ArgumentError] for another mode
      # @example
      #   GitlabKube::WebRequestGuard.mode = :refuse
      def mode=(mode)
        @mode = mode && known(mode)
      end

      # Asked before each call to a cluster.
      # @param bounded [Boolean] whether the call can be held to a number of seconds; a stream cannot, and is refused in `:bound` too
      # @return [Float, nil] nil outside a web request; in `:bound` the seconds this call may take
      # @yieldparam seconds [Float, nil] the same; then the block's own time is what the call costs, and its value is returned.
      #   Without a block the clock runs from here to the end of the request.
      # @raise [ClusterCallInWebRequest] in `:raise` and `:refuse`, and in `:bound` when nothing is left
      # @example
      #   WebRequestGuard.check! { |seconds| get(path, total: seconds) }
      def check!(bounded: true, &block)
        mark = Place.mark
        return (block ? yield : nil) unless mark

        mark.mode == :bound && bounded ? bound(mark, &block) : refuse(mark)
      end

      # The only way round the guard, for the block. Logged with its call site.
      # @return [Object] what the block returns
      # @raise [Exception] what the block raises
      # @example
      #   GitlabKube::WebRequestGuard.allow_cluster_calls { kubeclient.delete_pod(name, namespace) }
      def allow_cluster_calls(&block)
        return yield unless Place.mark

        report("cluster_calls_allowed.gitlab_kube", :info, "cluster calls are allowed in a web request", call_site)
        Place.without_mark(&block)
      end

      # Makes the calling thread or fiber one of its own, outside the request it was started in: for threads that stay.
      # @return [void]
      # @raise nothing
      # @example
      #   Thread.new { GitlabKube::WebRequestGuard.leave; loop { work } }
      def leave
        Place.clear
      end

      # @api private
      def known(mode)
        MODES.include?(mode) ? mode : raise(ArgumentError, "a mode is one of #{MODES.inspect}")
      end

      private

      def bound(mark, &block)
        site = call_site
        left = mark.left
        report("cluster_call_in_web_request.gitlab_kube", :warn, "a cluster is called in a web request", site, mode: :bound, seconds: left)
        return mark.spend(left, &block) if left.positive?

        raise ClusterCallInWebRequest, "a cluster is called in a web request that has used up its #{mark.budget} s: #{site}"
      end

      def refuse(mark)
        site = call_site
        unless mark.mode == :raise
          report("cluster_call_in_web_request.gitlab_kube", :error, "a cluster call in a web request is refused", site, mode: mark.mode)
        end
        raise ClusterCallInWebRequest, "a cluster is called in a web request (read a reactive cache, or send a job): #{site}"
      end

      def report(event, level, words, site, **payload)
        Report.event(event, level, "#{words}: #{site}", call_site: site, **payload)
      end

      # The first frame that is not ours.
      def call_site
        frame = caller_locations.find { |location| !location.path.start_with?(LIB) }
        frame ? "#{frame.path}:#{frame.lineno}" : "unknown"
      end

      def environment
        return ::Rails.env.to_s if defined?(::Rails) && ::Rails.respond_to?(:env)

        ENV.values_at("RAILS_ENV", "RACK_ENV").compact.first
      end
    end
  end
end
