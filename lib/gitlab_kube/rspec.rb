# frozen_string_literal: true

# Opt-in: what a spec of cluster code needs. Loads WebMock's adapter, the stubs, and the matchers.
require_relative "webmock"
require_relative "rspec/kubernetes_helpers"
require_relative "rspec/requested_kubernetes"
require_relative "rspec/reactive_caching_helpers"
require_relative "rspec/exclusive_lease_helpers"
