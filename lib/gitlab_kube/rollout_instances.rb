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

    # Pods of the deployments' tracks, then replicas that have none yet, at most 10,000 of them; stable ones last.
    #
    # @return [Array<Hash{Symbol => Object}>]
    def pod_instances
      instances = present.map { |pod| Instance.of(pod) } + missing
      instances.partition { |instance| !instance[:stable] }.flatten
    end

    # @return [Integer] how many pods and missing replicas there are, shown or not
    def size
      present.size + lacking.each_value.sum
    end

    private

    def present
      @present ||= @pods.select { |pod| wanted.key?(pod.track) }
    end

    def missing
      left = Instance::MOST_PENDING
      lacking.flat_map do |track, count|
        shown = [count, left].min
        left -= shown
        Array.new(shown) { Instance.pending(track) }
      end
    end

    # Replicas without a pod by track.
    def lacking
      @lacking ||= begin
        created = present.group_by(&:track).transform_values(&:size)
        wanted.to_h { |track, count| [track, [count - created.fetch(track, 0), 0].max] }
      end
    end

    # Replicas by track.
    def wanted
      @wanted ||= @deployments.group_by(&:track).transform_values { |deployments| deployments.sum(&:wanted_instances) }
    end
  end
end
