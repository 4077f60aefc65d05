# frozen_string_literal: true

# All squares of a deploy board.

require_relative "instance"

module GitlabKube
  # @example
  #   GitlabKube::RolloutInstances.new(deployments, pods).pod_instances
  class RolloutInstances
    # @param deployments [Array<Deployment>]
    # @param pods [Array<Pod>]
    def initialize(deployments, pods)
      @deployments = deployments
      @pods = pods
    end

    # Pods of the deployments' tracks, then replicas that have none yet; stable ones last.
    #
    # @return [Array<Hash{Symbol => Object}>]
    def pod_instances
      instances = present.map { |pod| Instance.of(pod) } + missing
      instances.partition { |instance| !instance[:stable] }.flatten
    end

    private

    def present
      @pods.select { |pod| wanted.key?(pod.track) }
    end

    def missing
      created = present.group_by(&:track).transform_values(&:size)
      wanted.flat_map { |track, count| Array.new([count - created.fetch(track, 0), 0].max) { Instance.pending(track) } }
    end

    # Replicas by track.
    def wanted
      @wanted ||= @deployments.group_by(&:track).transform_values { |deployments| deployments.sum(&:wanted_instances) }
    end
  end
end
