# frozen_string_literal: true

# How a client learns what the server serves, and what it then calls its methods.
module Parity
  core = { "GET /api/v1" => serves("pods" => "Pod", "nodes" => "Node", "pods/log" => "Pod") }

  scenario "asks what the server serves before the first call", core.merge("GET /api/v1/pods" => { items: [] }) do |world|
    world.client.get_pods
  end

  scenario "asks once for each client", core.merge("GET /api/v1/pods" => { items: [] }) do |world|
    client = world.client
    client.get_pods
    client.get_pods
    client.respond_to?(:get_nodes)
  end

  scenario "two clients of one server each ask", core.merge("GET /api/v1/pods" => { items: [] }), differs: "shared-discovery",
                                                                                                  over: :socket do |world|
    2.times { world.client.get_pods }
  end

  scenario "asks when discover is called", core do |world|
    client = world.client
    [client.discovered, client.discover, client.discovered]
  end

  scenario "respond_to? asks, and tells the truth", core do |world|
    client = world.client
    %i[get_pods get_pod watch_pods create_pod update_pod patch_pod json_patch_pod merge_patch_pod apply_pod delete_pod get_pods_log
       get_services create_pods watch_pod].map { |name| client.respond_to?(name) }
  end

  scenario "respond_to? of other names asks nothing", core do |world|
    client = world.client
    [client.respond_to?(:discover), client.respond_to?(:nonsense), client.discovered]
  end

  scenario "a method the server does not serve is a NoMethodError", core, raises: "NoMethodError" do |world|
    world.client.get_services
  end

  scenario "a method of no verb is a NoMethodError and asks nothing", core, raises: "NoMethodError" do |world|
    world.client.obtain_pods
  end

  scenario "a group that is not there is not found", {}, raises: "Kubeclient::ResourceNotFoundError" do |world|
    world.client("/apis/serving.knative.dev", "v1alpha1").get_services
  end

  scenario "respond_to? raises where the server does not answer discovery", { "GET /api/v1" => 500 },
           raises: "Kubeclient::HttpError" do |world|
    world.client.respond_to?(:get_pods)
  end

  scenario "can ask again after a discovery that failed",
           { "GET /api/v1" => [500, serves("pods" => "Pod")], "GET /api/v1/pods" => { items: [] } } do |world|
    client = world.client
    failed = begin
      client.get_pods
    rescue Kubeclient::HttpError => e
      e.error_code
    end
    [failed, client.get_pods.to_a]
  end

  {
    "endpoints" => "Endpoints", "networkpolicies" => "NetworkPolicy", "securitycontextconstraints" => "SecurityContextConstraints",
    "componentstatuses" => "ComponentStatus", "ingresses" => "Ingress", "apiservices" => "APIService", "sriovoperators" => "sriovoperator",
    "podsecuritypolicies" => "PodSecurityPolicy", "other-odd-name" => "TestMismatch", "oauthclients" => "OAuthClient",
    "cronjobs" => "CronJob", "horizontalpodautoscalers" => "HorizontalPodAutoscaler", "csidrivers" => "CSIDriver"
  }.each do |plural, kind|
    scenario "names #{kind} as kubeclient 4 does", "GET /api/v1" => serves(plural => kind) do |world|
      # The names come from the gem's rule, worked out by hand; both clients are asked for exactly these.
      singular, many = {
        "endpoints" => %w[endpoint endpoints], "networkpolicies" => %w[network_policy network_policies],
        "securitycontextconstraints" => %w[security_context_constraint security_context_constraints],
        "componentstatuses" => %w[component_status component_statuses], "ingresses" => %w[ingress ingresses],
        "apiservices" => %w[apiservice apiservices], "sriovoperators" => %w[sriovoperator sriovoperators],
        "podsecuritypolicies" => %w[pod_security_policy pod_security_policies], "other-odd-name" => %w[testmismatch otheroddname],
        "oauthclients" => %w[oauth_client oauth_clients], "cronjobs" => %w[cron_job cron_jobs],
        "horizontalpodautoscalers" => %w[horizontal_pod_autoscaler horizontal_pod_autoscalers], "csidrivers" => %w[csidriver csidrivers]
      }.fetch(plural)
      client = world.client
      [client.respond_to?("get_#{singular}"), client.respond_to?("get_#{many}"), client.respond_to?("create_#{singular}")]
    end
  end

  chaos = { metadata: { name: "web", namespace: "place" } }.freeze
  alike = {
    "GET /api/v1" => serves("podchaos" => "PodChaos"), "GET /api/v1/namespaces/place/podchaos/web" => chaos,
    "POST /api/v1/namespaces/place/podchaos" => chaos, "PATCH /api/v1/namespaces/place/podchaos/web" => chaos,
    "DELETE /api/v1/namespaces/place/podchaos/web" => chaos, "GET /api/v1/watch/podchaos" => ""
  }.freeze
  scenario "a kind whose plural is its singular has the methods of one object", alike do |world|
    client = world.client
    [client.get_pod_chaos("web", "place"), client.create_pod_chaos(chaos.dup), client.merge_patch_pod_chaos("web", { a: 1 }, "place"),
     client.delete_pod_chaos("web", "place"), client.watch_pod_chaos.to_enum.to_a, client.respond_to?(:apply_pod_chaos)]
  end
  scenario("a kind whose plural is its singular is deleted by name", alike, raises: "ArgumentError") do |world|
    world.client.delete_pod_chaos
  end

  scenario "also takes the spelling of kubeclient's main line", { "GET /api/v1" => serves("apiservices" => "APIService") },
           differs: "both-spellings" do |world|
    world.client.respond_to?(:get_api_services)
  end

  scenario "makes no method of OpenShift's template processor", "GET /api/v1" => serves("processedtemplates" => "Template") do |world|
    world.client.respond_to?(:create_template)
  end

  scenario "knows the kind where the server does not say", differs: "missing-kinds",
                                                           "GET /api/v1" => serves("pods" => nil, "endpoints" => nil) do |world|
    client = world.client
    [client.respond_to?(:get_pods), client.respond_to?(:get_endpoint)]
  end

  scenario "a kind that does not fit its plural", "GET /api/v1" => serves("ingresses" => "Deployment") do |world|
    client = world.client
    %i[get_ingresses get_deployment get_deployments get_ingress].map { |name| client.respond_to?(name) }
  end
end
