# frozen_string_literal: true

# An application whose every answer needs a cluster. It asks once while it is loaded: what is forked from here has a parent with
# open connections.
$LOAD_PATH.unshift File.expand_path("../../../lib", __dir__)
require "gitlab_kube"
require "gitlab_kube/web_request_guard"

CLIENT = GitlabKube::KubeClient.from_kubeconfig(ENV.fetch("KUBECONFIG"), trusted: true)

use GitlabKube::WebRequestGuard, mode: :refuse

answer = lambda do |_env|
  value = GitlabKube::WebRequestGuard.allow_cluster_calls { CLIENT.get_config_map("asked-for", "default").data.k }
  [200, { "content-type" => "text/plain" }, ["#{value} #{Process.pid}"]]
end
CLIENT.get_config_map("asked-for", "default")
run answer
