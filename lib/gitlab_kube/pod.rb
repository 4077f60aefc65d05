# frozen_string_literal: true

# One pod of a rollout, as a plain Hash has it.

require_relative "attributes"

module GitlabKube
  # @example
  #   GitlabKube::Pod.new(client.get_pod("web-1", "production").as_json).status # => "Running"
  class Pod
    include Attributes

    # Not all containers have begun.

    PENDING = "Pending"
    # At least one container runs.
    RUNNING = "Running"
    # All have ended well.
    SUCCEEDED = "Succeeded"
    # All have ended, and one not well.
    FAILED = "Failed"
    # Its node does not answer.
    UNKNOWN = "Unknown"
    # All of them.
    PHASES = [PENDING, RUNNING, SUCCEEDED, FAILED, UNKNOWN].freeze
    # The track of what is not a canary.
    STABLE_TRACK_VALUE = "stable"

    # @return [String] the label `track`, "stable" where there is none
    def track
      labels.fetch("track", STABLE_TRACK_VALUE)
    end

    # @return [String, nil]
    def name
      metadata["name"] || metadata["generateName"]
    end

    # @return [String, nil] the phase
    def status
      attributes.dig("status", "phase")
    end

    # @return [Boolean]
    def stable?
      track == STABLE_TRACK_VALUE
    end

    # @return [Integer] stable pods come last
    def order
      stable? ? 1 : 0
    end
  end
end
