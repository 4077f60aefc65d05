# frozen_string_literal: true

# Pods and deployments are of a track: stable, canary, or one the chart names.

require_relative "attributes"

module GitlabKube
  # @api private
  module Tracked
    include Attributes

    # The track of what names none.
    STABLE_TRACK_VALUE = "stable"

    # @return [String] the label `track`, "stable" where there is none
    def track
      labels.fetch("track", STABLE_TRACK_VALUE)
    end

    # @return [Boolean]
    def stable?
      track == STABLE_TRACK_VALUE
    end

    # @return [Integer] stable ones come last
    def order
      stable? ? 1 : 0
    end
  end
end
