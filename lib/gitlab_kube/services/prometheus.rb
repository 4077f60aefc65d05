# frozen_string_literal: true

# A cluster's Prometheus, asked through the cluster's API server.

require "json"
require "uri"
require_relative "prometheus/errors"

module GitlabKube
  module Services
    # The same client, credential, certificates and address policy as every other call to the cluster.
    #
    # @example
    #   prometheus = GitlabKube::Services::Prometheus.new(client)
    #   prometheus.query("up") # => [{ "metric" => { "job" => "web" }, "value" => [1435781451.781, "1"] }]
    class Prometheus
      # Of GitLab's own installation.
      SERVICE = "prometheus-prometheus-server"
      # Of GitLab's own installation.
      PORT = 80
      # Of GitLab's own installation.
      NAMESPACE = "gitlab-managed-apps"
      # What a healthy Prometheus says.
      HEALTHY = "Prometheus is Healthy.\n"
      # How many points a graph has, and how close they may be.
      QUERY_RANGE_DATA_POINTS = 600
      # Seconds.
      QUERY_RANGE_MIN_STEP = 60

      # @param client [KubeClient]
      # @param service [String]
      # @param port [Integer, String]
      # @param namespace [String]
      # @param clock [#call] the time now
      # @raise [InvalidArgumentError] where a name could leave its place in the URL
      def initialize(client, service: SERVICE, port: PORT, namespace: NAMESPACE, clock: -> { Time.now })
        @client = client
        @clock = clock
        Names.label(service, "a service")
        Names.label(namespace, "a namespace")
        raise InvalidArgumentError, "a port is a number or a name" unless port.to_s.match?(/\A[a-z0-9-]{1,15}\z/)

        @base = "/api/v1/namespaces/#{namespace}/services/#{service}:#{port}/proxy"
      end

      # @return [Object] the answer to the query 1
      # @raise [Error]
      def ping
        api("query", query: "1")
      end

      # @return [Boolean]
      # @raise [Error]
      def healthy?
        asking { raw("/-/healthy") } == HEALTHY
      end

      # @param query [String] PromQL
      # @param time [Time, Numeric]
      # @return [Array<Hash>] the samples
      # @raise [Error]
      def query(query, time: @clock.call)
        result(api("query", query: query, time: time.to_f))
      end

      # @param query [String] PromQL
      # @param start_time [Time, Numeric]
      # @param end_time [Time, Numeric]
      # @return [Array<Hash>] the series
      # @raise [Error]
      def query_range(query, start_time:, end_time: @clock.call)
        first, last = [start_time, end_time].map(&:to_f)
        result(api("query_range", query: query, start: first, end: last, step: self.class.step(first, last)))
      end

      # @param name [String] of a label
      # @return [Array<String>]
      # @raise [Error]
      def label_values(name = "__name__")
        raise QueryError, "a label's name has letters, digits and _ only" unless name.match?(/\A[a-zA-Z_]\w*\z/)

        api("label/#{name}/values")
      end

      # @param matches [Array<String>] selectors
      # @param start_time [Time, Numeric]
      # @param end_time [Time, Numeric]
      # @return [Array<Hash>]
      # @raise [Error]
      def series(*matches, start_time:, end_time: @clock.call)
        api("series", match: matches, start: start_time.to_f, end: end_time.to_f)
      end

      # @param first [Numeric] seconds
      # @param last [Numeric] seconds
      # @return [Integer] seconds between two points of a graph
      def self.step(first, last)
        [((last - first) / QUERY_RANGE_DATA_POINTS).ceil, QUERY_RANGE_MIN_STEP].max
      end

      # @return [String]
      def inspect
        "#<#{self.class}>"
      end

      private

      def api(path, params = {})
        query = URI.encode_www_form(params.transform_keys { |name| name == :match ? "match[]" : name })
        answer = asking { JSON.parse(raw("/api/v1/#{path}#{"?#{query}" unless query.empty?}")) }
        raise UnexpectedResponseError, "not an answer of Prometheus" unless answer.is_a?(Hash) && answer["status"] == "success"

        answer["data"]
      end

      # Ruby's own error would quote what stands in the place of the result.
      def result(data)
        raise UnexpectedResponseError, "not an answer of Prometheus" unless data.nil? || data.is_a?(Hash)

        data&.fetch("result", nil)
      end

      def raw(path)
        @client.core_client.raw(:get, "#{@base}#{path}", want: :text, accept: :any)
      end

      def asking
        yield
      rescue JSON::ParserError
        raise UnexpectedResponseError, "not an answer of Prometheus", cause: nil
      rescue *Errors::TABLE.keys => e
        raise Errors.translate(e)
      end
    end
  end
end
