# frozen_string_literal: true

# The page of examples/web twice: /cached reads the cache as the example does, /bare has the same rows in a constant.
require_relative "../../examples/web/cluster_state"
require_relative "../../examples/web/page"
require_relative "bare_state"

use GitlabKube::WebRequestGuard, mode: :refuse
map("/cached") { run(Page.new { ClusterState.new }) }
map("/bare") { run(Page.new { Bench::BareState.new }) }
