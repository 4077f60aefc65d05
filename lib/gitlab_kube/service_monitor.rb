# frozen_string_literal: true

# Tells the Prometheus operator which services to scrape.

require_relative "manifest"

module GitlabKube
  # A custom resource of the group version in {API_VERSION}: `client.client_for(GitlabKube::ServiceMonitor::API_VERSION)`.
  #
  # @example
  #   GitlabKube::ServiceMonitor.new(name: "web", namespace: "production", selector: { app: "web" }, port: "metrics").generate
  class ServiceMonitor
    include Manifest

    # The operator's group and version.
    API_VERSION = "monitoring.coreos.com/v1"
    # As in the object.
    KIND = "ServiceMonitor"
    DURATION = /\A(?:0|(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?)\z/
    private_constant :DURATION

    # @param name [String]
    # @param namespace [String]
    # @param selector [Hash] labels of the services
    # @param port [String] the name of the services' port
    # @param path [String]
    # @param interval [String] in Prometheus' words, such as "30s"
    # @param labels [Hash, nil] by which the operator's Prometheus finds this monitor
    def initialize(name:, namespace:, selector:, port:, path: "/metrics", interval: "30s", labels: nil)
      @name = name
      @namespace = namespace
      @selector = selector
      @endpoint = { port: port, path: path, interval: interval }
      @labels = labels
    end

    # @return [Resource]
    def generate
      Resource.new(
        apiVersion: API_VERSION, kind: KIND,
        metadata: { name: name, namespace: namespace, labels: labels }.compact,
        spec: { selector: { matchLabels: selector }, endpoints: [endpoint] }
      )
    end

    private

    attr_reader :name, :namespace, :selector, :endpoint, :labels

    def check
      Names.subdomain(name, "a service monitor")
      Names.label(namespace, "a namespace")
      Names.labels(selector)
      Names.labels(labels)
      raise InvalidArgumentError, "interval is not a duration such as 30s" unless duration?(endpoint[:interval])
    end

    def duration?(text)
      text.is_a?(String) && !text.empty? && DURATION.match?(text)
    end
  end
end
