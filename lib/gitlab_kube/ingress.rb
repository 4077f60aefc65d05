# frozen_string_literal: true

# One ingress of an environment, as a plain Hash has it.

require_relative "attributes"

module GitlabKube
  # @example
  #   GitlabKube::Ingress.new(attributes).canary_weight # => 50
  class Ingress
    include Attributes

    # "true" on a canary.
    CANARY = "nginx.ingress.kubernetes.io/canary"
    # Per cent of the traffic, as text.
    CANARY_WEIGHT = "nginx.ingress.kubernetes.io/canary-weight"

    # @return [Boolean]
    def canary?
      annotations[CANARY] == "true"
    end

    # @return [Integer, nil] per cent of the traffic, where it is a canary and says so
    def canary_weight
      annotations[CANARY_WEIGHT].to_i if canary? && annotations.key?(CANARY_WEIGHT)
    end

    # @return [String, nil]
    def name
      metadata["name"]
    end
  end
end
