# frozen_string_literal: true

# http_max_redirects: who goes where a server says, and with what.
module Parity
  moved = ->(location, code = 302) { RecordingServer::Answer.new(status: code, headers: { "Location" => location }, body: "") }
  pods = { items: [{ metadata: { name: "a" } }] }
  core = { "GET /api/v1" => serves("pods" => "Pod"), "GET /elsewhere" => pods, "GET /api/v1/elsewhere" => pods }
  event = "#{JSON.generate(type: 'ADDED', object: { kind: 'Pod', metadata: { name: 'a' } })}\n"

  scenario "a redirect is an error, and is not followed", core.merge("GET /api/v1/pods" => moved.call("/elsewhere")),
           raises: "Kubeclient::HttpError" do |world|
    world.client("", "v1", http_max_redirects: 0).get_pods
  end
  scenario "a redirect is followed by default", core.merge("GET /api/v1/pods" => moved.call("/elsewhere")), differs: "redirects" do |world|
    world.client.get_pods
  end

  { "a path" => "/elsewhere", "a path beside it" => "elsewhere" }.each do |what, location|
    scenario "follows a redirect to #{what}, with its token", core.merge("GET /api/v1/pods" => moved.call(location)) do |world|
      world.client("", "v1", http_max_redirects: 1, auth_options: { bearer_token: "t" }).get_pods
    end
  end
  scenario "follows a redirect with its name and password", core.merge("GET /api/v1/pods" => moved.call("/elsewhere")) do |world|
    world.client("", "v1", http_max_redirects: 1, auth_options: { username: "u", password: "p" }).get_pods
  end
  scenario "follows a redirect of discovery", core.merge("GET /api/v1" => moved.call("/discovery"), "GET /api/v1/pods" => pods,
                                                         "GET /discovery" => serves("pods" => "Pod")) do |world|
    client = world.client("", "v1", http_max_redirects: 1)
    2.times { client.get_pods }
    client.discovered
  end

  [301, 303, 307].each do |code|
    scenario("follows #{code}", core.merge("GET /api/v1/pods" => moved.call("/elsewhere", code))) do |world|
      world.client("", "v1", http_max_redirects: 1).get_pods
    end
  end
  [300, 304, 305, 308].each do |code|
    scenario "does not follow #{code}", core.merge("GET /api/v1/pods" => moved.call("/elsewhere", code)),
             raises: "Kubeclient::HttpError" do |world|
      world.client("", "v1", http_max_redirects: 1).get_pods
    end
  end
  nowhere = RecordingServer::Answer.new(status: 302, body: "")
  scenario "does not follow a redirect to nowhere", core.merge("GET /api/v1/pods" => nowhere), raises: "Kubeclient::HttpError" do |world|
    world.client("", "v1", http_max_redirects: 1).get_pods
  end

  twice = core.merge("GET /api/v1/pods" => moved.call("/once"), "GET /once" => moved.call("/elsewhere"))
  scenario("follows as many as it was told", twice) { |world| world.client("", "v1", http_max_redirects: 2).get_pods }
  scenario "does not follow more than it was told", twice, raises: "Kubeclient::HttpError" do |world|
    world.client("", "v1", http_max_redirects: 1).get_pods
  end
  scenario "ends a loop", core.merge("GET /api/v1/pods" => moved.call("/api/v1/pods")), raises: "Kubeclient::HttpError" do |world|
    world.client("", "v1", http_max_redirects: 4).get_pods
  end

  writes = core.merge("POST /api/v1/namespaces/place/pods" => moved.call("/elsewhere"),
                      "PUT /api/v1/namespaces/place/pods/web" => moved.call("/elsewhere", 303))
  scenario "does not send a write elsewhere", writes, raises: "Kubeclient::HttpError" do |world|
    world.client("", "v1", http_max_redirects: 1).create_pod(metadata: { name: "web", namespace: "place" })
  end
  scenario "gets what 303 points to after a write", writes do |world|
    world.client("", "v1", http_max_redirects: 1, as: :parsed).update_pod(metadata: { name: "web", namespace: "place" })
  end

  logs = core.merge("GET /api/v1/namespaces/place/pods/web/log" => moved.call("/log"), "GET /log" => "one\ntwo\n")
  scenario("follows a redirect of a log", logs) { |world| world.client("", "v1", http_max_redirects: 1).get_pod_log("web", "place").to_s }
  scenario "follows a redirect of a log that goes on", logs do |world|
    world.client("", "v1", http_max_redirects: 1).watch_pod_log("web", "place").to_enum.to_a
  end
  [301, 302, 303, 307, 308].each do |code|
    watched = core.merge("GET /api/v1/watch/pods" => moved.call("/watch", code), "GET /watch" => event)
    scenario "follows #{code} of a watch, with its token", watched do |world|
      client = world.client("", "v1", http_max_redirects: 1, auth_options: { bearer_token: "t" })
      client.watch_pods.to_enum.map(&:type)
    end
  end
  around = core.merge("GET /api/v1/watch/pods" => moved.call("/once"), "GET /once" => moved.call("/twice"), "GET /twice" => event)
  scenario "follows as many of a watch as it was told", around, differs: "watch-redirects" do |world|
    world.client("", "v1", http_max_redirects: 1).watch_pods.to_enum.map(&:type)
  end

  scenario "sends no token to another server", {}, differs: "redirect-credentials", over: :socket do |world|
    other = RecordingServer.new(host: "127.2.0.1") { |_request| world.__send__(:json, 200, pods) }
    first = RecordingServer.new(host: "127.2.0.2") { |_request| moved.call("#{other.url}/elsewhere") }
    client = Kubeclient::Client.new(first.url, "v1", http_max_redirects: 1, auth_options: { bearer_token: "t" }, as: :parsed)
    client.get_entities("Pod", "pods")
    [first, other].map { |server| server.requests.map { |request| [request.target, request.headers["authorization"]] } }
  ensure
    [first, other].each(&:close)
  end
  scenario "tells the options of rest-client how many redirects" do |world|
    world.client("", "v1", http_max_redirects: 3).rest_client.options[:max_redirects]
  end
end
