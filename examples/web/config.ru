# frozen_string_literal: true

# The page on Puma. A call to a cluster from here would raise, also in production.
require_relative "cluster_pods"
require_relative "page"

use GitlabKube::WebRequestGuard, mode: :refuse
run Page.new
