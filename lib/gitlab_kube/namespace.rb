# frozen_string_literal: true

# A namespace that is made where it is missing.

require_relative "logger"
require_relative "manifest"

module GitlabKube
  # @example
  #   GitlabKube::Namespace.new("web-12-production", client, labels: { "app.gitlab.com/app" => "web" }).ensure_exists!
  class Namespace
    include Manifest

    # @return [String]
    attr_accessor :name
    # @return [Hash, nil]
    attr_accessor :labels

    # @param name [String]
    # @param client [KubeClient]
    # @param labels [Hash, nil]
    # @param logger [Logger]
    def initialize(name, client, labels: nil, logger: Logger.default)
      @name = name
      @client = client
      @labels = labels
      @logger = logger
    end

    # @return [Resource, false] the namespace, if it is there
    # @raise [HttpError, StandardError] whatever else the request ends in
    def exists?
      @client.get_namespace(name)
    rescue ResourceNotFoundError
      false
    end

    # @return [Resource]
    # @raise [HttpError]
    def create!
      @logger.info(facts(:begin_create))
      @client.create_namespace(generate)
    end

    # Two callers at once both succeed: the one that comes second finds it made.
    #
    # @return [Resource]
    # @raise [HttpError]
    def ensure_exists!
      exists? || create!
    rescue ResourceAlreadyExistsError
      exists? || raise
    rescue HttpError => e
      @logger.error(facts(:failed_to_create_namespace).merge(Logger.exception(e)))
      raise
    end

    # @return [Resource]
    def generate
      Resource.new(metadata: { name: name, labels: labels })
    end

    private

    def facts(event)
      { event: event, namespace: name, class_name: self.class.name }
    end

    def check
      Names.label(name, "a namespace")
      Names.labels(labels)
    end
  end
end
