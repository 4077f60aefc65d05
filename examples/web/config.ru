# frozen_string_literal: true

# The page on Puma. A call to a cluster from here would raise, also in production.
require_relative "cluster_state"
require_relative "page"

use GitlabKube::WebRequestGuard, mode: :refuse
run(Page.new { ClusterState.new })
