# frozen_string_literal: true

# One square of the deploy board.

require_relative "pod"

module GitlabKube
  # @api private
  module Instance
    MISSING = "Not provided"
    # How many replicas without a pod are shown. A cluster may say any number of replicas, and each square costs memory.
    MOST_PENDING = 10_000

    module_function

    # @param pod [Pod]
    # @return [Hash{Symbol => Object}]
    def of(pod)
      build(pod.name || MISSING, pod.status || Pod::UNKNOWN, pod.track)
    end

    # A replica that has no pod yet.
    #
    # @param track [String]
    # @return [Hash{Symbol => Object}]
    def pending(track)
      build(MISSING, Pod::PENDING, track)
    end

    def build(name, phase, track)
      { status: phase.downcase, pod_name: name, tooltip: "#{name} (#{phase})", track: track, stable: track == Pod::STABLE_TRACK_VALUE }
    end
  end
end
