# frozen_string_literal: true

# One pod of a rollout, as a plain Hash has it.

require_relative "tracked"

module GitlabKube
  # @example
  #   GitlabKube::Pod.new(client.get_pod("web-1", "production").as_json).status # => "Running"
  class Pod
    include Tracked

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

    # @return [String, nil]
    def name
      metadata["name"] || metadata["generateName"]
    end

    # @return [String, nil] the phase
    def status
      attributes.dig("status", "phase")
    end
  end
end
