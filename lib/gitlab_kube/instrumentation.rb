# frozen_string_literal: true

require_relative "clock"
require_relative "instrumentation/facts"
require_relative "instrumentation/failure_line"

# Events for subscribers, and lines for the log.
module GitlabKube
  # Tells subscribers of ActiveSupport::Notifications about calls, and the logger about those that failed.
  #
  # * `request.gitlab_kube`, once for each call, with its 401 refresh and its retries; of a stream, the opening. Payload: verb, group,
  #   version, resource, subresource, cluster_id; then duration (ms), and bytes, or error_class, code and reason.
  # * `hop.gitlab_kube`, once for each request on the wire while an interceptor is installed. Payload: verb (of HTTP), code, cluster_id.
  #
  # Without an interceptor the hops happen in Rust, where no subscriber is (docs/adr/0005-what-instrumentation-sees.md). No payload
  # has a name, a namespace, a path, or anything a server wrote. A call that failed with anything but 404, 409 or 410, which programs
  # ask for, is a warning in `config.logger`; those are for its debug level.
  #
  # @example
  #   ActiveSupport::Notifications.subscribe("request.gitlab_kube") do |*, payload|
  #     KUBERNETES_SECONDS.observe(payload.slice(:verb, :resource), payload[:duration] / 1000)
  #   end
  # @api private
  module Instrumentation
    CALL = "request.gitlab_kube"
    HOP = "hop.gitlab_kube"

    class << self
      include Clock

      # @param request [Hash] as for {Connection#call}
      # @param cluster [Object, nil]
      # @return [Object] what the block returns
      def call(request, cluster, &block)
        return logged(request, cluster, &block) unless listening?(CALL)

        payload = Facts.of(request, cluster)
        ActiveSupport::Notifications.instrument(CALL, payload) do
          timed(payload) { logged(request, cluster, &block) }
        end
      end

      # @param verb [Symbol] of HTTP
      # @param cluster [Object, nil]
      # @return [Interceptor::Response] what the block returns
      def hop(verb, cluster)
        return yield unless listening?(HOP)

        payload = { verb: verb, code: nil, cluster_id: cluster }
        ActiveSupport::Notifications.instrument(HOP, payload) { yield.tap { |response| payload[:code] = response.status } }
      end

      private

      def listening?(event)
        defined?(ActiveSupport::Notifications) && ActiveSupport::Notifications.notifier.listening?(event)
      end

      def timed(payload)
        started = now
        yield.tap { |result| payload[:bytes] = Facts.bytes(result) }
      rescue StandardError => e
        payload.merge!(Facts.of_error(e))
        raise
      ensure
        payload[:duration] = ((now - started) * 1000).round(3)
      end

      def logged(request, cluster)
        started = now
        yield
      rescue StandardError => e
        FailureLine.write(e, Facts.of(request, cluster), now - started)
        raise
      end
    end
  end

  class << self
    # Names the cluster of the calls in the block, for logs and subscribers. A client's own `cluster_id:` goes before it.
    # @param id [Object] the application's id, such as an Integer
    # @return [Object] what the block returns
    # @example
    #   GitlabKube.with_cluster(cluster.id) { cluster.kubeclient.get_pods }
    def with_cluster(id)
      outer = Thread.current[:gitlab_kube_cluster]
      Thread.current[:gitlab_kube_cluster] = id
      yield
    ensure
      Thread.current[:gitlab_kube_cluster] = outer
    end

    # @return [Object, nil] what {with_cluster} named, in this fiber
    def current_cluster
      Thread.current[:gitlab_kube_cluster]
    end
  end
end
