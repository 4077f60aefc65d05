# frozen_string_literal: true

# What GitLab does with a cluster, one job in each file: plain objects that are given their client, logger and clock.

require_relative "services/account_names"
require_relative "services/fetch_token"
require_relative "services/create_or_update_service_account"
require_relative "services/restricted_namespace"
require_relative "services/connection_status"
require_relative "services/node_usage"
require_relative "services/environment_data"
require_relative "services/terminals"
require_relative "services/update_canary_ingress"
require_relative "services/stop_environment"
require_relative "services/one_off_pod"
require_relative "services/applications/start"
require_relative "services/applications/check_progress"
require_relative "services/prometheus"
