# frozen_string_literal: true

# What a page shows that has no cache to ask: rows in a constant.
module Bench
  # As many pods as the bench's cluster has.
  class BareState
    PODS = Array.new(20) { |number| "web-#{number}" }.freeze
    DATA = { "pods" => PODS.map { |name| ["web", name, "Running", nil, "2026-01-02T03:04:05Z"] },
             "deployments" => [["web", "web", 2, 3, nil]] }.freeze

    def with_reactive_cache
      yield DATA
    end

    def reactive_cache_age
      1.0
    end

    def reactive_cache_error; end
  end
end
