# frozen_string_literal: true

# One deployment of a rollout, as a plain Hash has it.

require_relative "instance"

module GitlabKube
  # @example
  #   GitlabKube::Deployment.new(attributes, pods: pods).instances
  class Deployment
    include Tracked

    # @param attributes [Hash{String => Object}]
    # @param pods [Array<Hash{String => Object}>] of all tracks
    def initialize(attributes = {}, pods: [])
      super(attributes)
      @pods = pods
    end

    # @return [String]
    def name
      metadata["name"] || "unknown"
    end

    # @return [Hash{String => String}]

    # @return [Hash{String => String}]

    # @return [Boolean] whether the cluster has not seen its latest change yet
    def outdated?
      (attributes.dig("status", "observedGeneration") || 0) < (metadata["generation"] || 0)
    end

    # @return [Integer]
    def wanted_instances
      attributes.dig("spec", "replicas") || 0
    end

    # @return [Array<Hash{Symbol => Object}>] its pods, and its replicas that have none yet, at most 10,000 of them
    def instances
      created = pods_of_track.map { |pod| Instance.of(pod) }
      created + Array.new((wanted_instances - created.size).clamp(0, Instance::MOST_PENDING)) { Instance.pending(track) }
    end

    private

    def pods_of_track
      @pods.map { |pod| Pod.new(pod) }.select { |pod| pod.track == track }
    end
  end
end
