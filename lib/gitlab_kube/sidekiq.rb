# frozen_string_literal: true

require_relative "reactive_caching"

module GitlabKube
  # Refreshes reactive caches that need nothing but this application. Named, queued and retried as GitLab's.
  class ReactiveCachingWorker
    include ::Sidekiq::Job # since Sidekiq 6.3
    sidekiq_options queue: "reactive_caching", retry: 3

    # @param class_name [String]
    # @param id [Integer, String] what the class's finder takes
    # @param args [Array] the qualifiers
    # @return [void]
    # @raise [StandardError] what the cache store or Redis raises; a failed computation is recorded and tried again by itself
    # @example
    #   GitlabKube::ReactiveCachingWorker.perform_async("Cluster", 1)
    def perform(class_name, id, *args)
      # Sidekiq's tests run jobs inline, in a request, too; a job is outside of it all the same.
      WebRequestGuard.allow_cluster_calls { ReactiveCaching::Refresh.perform(class_name, id, *args) }
    end
  end

  # The same for values from other systems, a cluster above all: its own queue, so that a slow cluster delays no other work.
  class ExternalServiceReactiveCachingWorker < ReactiveCachingWorker
    sidekiq_options queue: "external_service_reactive_caching", retry: 3
  end

  module ReactiveCaching
    # A class's work type and the worker that does it.
    WORK_TYPE = { no_dependency: ReactiveCachingWorker, external_dependency: ExternalServiceReactiveCachingWorker }.freeze
  end
end

# Before its workers are waited for: other processes have a job for each watch then.
Sidekiq.configure_server { |config| config.on(:shutdown) { GitlabKube::ReactiveCaching::Watchers.stop } }
