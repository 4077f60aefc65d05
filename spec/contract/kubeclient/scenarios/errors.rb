# frozen_string_literal: true

# What a rescue sees.
module Parity
  core = { "GET /api/v1" => serves("pods" => "Pod") }
  status = lambda do |code, reason|
    RecordingServer::Answer.new(status: code, body: JSON.generate(kind: "Status", code: code, reason: reason, message: "server's words"))
  end

  {
    400 => "BadRequest", 401 => "Unauthorized", 403 => "Forbidden", 404 => "NotFound", 409 => "AlreadyExists", 410 => "Expired",
    422 => "Invalid", 429 => "TooManyRequests", 500 => "InternalError", 503 => "ServiceUnavailable"
  }.each do |code, reason|
    expected = code == 404 ? "Kubeclient::ResourceNotFoundError" : "Kubeclient::HttpError"
    scenario("#{code} is an error with its code", core.merge("GET /api/v1/namespaces/a/pods/b" => status.call(code, reason)),
             raises: expected) do |world|
      world.client.get_pod("b", "a")
    end
  end

  scenario("an error without a body", core.merge("GET /api/v1/pods" => RecordingServer::Answer.new(status: 500, body: "")),
           raises: "Kubeclient::HttpError") do |world|
    world.client.get_pods
  end
  scenario("an error that is not JSON", core.merge("GET /api/v1/pods" => RecordingServer::Answer.new(status: 502, body: "<html>")),
           raises: "Kubeclient::HttpError") do |world|
    world.client.get_pods
  end
  scenario("a success that is not JSON", core.merge("GET /api/v1/pods" => "<html>"), raises: "JSON::ParserError",
                                                                                     differs: "bad-json") do |world|
    world.client.get_pods
  end

  scenario("says what the server said", core.merge("GET /api/v1/pods" => status.call(403, "Forbidden")), differs: "safe-words") do |world|
    world.client.get_pods
  rescue Kubeclient::HttpError => e
    e.message
  end
  scenario "tells the URL that was asked", core.merge("GET /api/v1/pods" => 403), differs: "safe-words" do |world|
    world.client.get_pods
  rescue Kubeclient::HttpError => e
    e.to_s.sub(world.url, "")
  end
  scenario "gives the response with the error", core.merge("GET /api/v1/pods" => 403), differs: "no-response" do |world|
    world.client.get_pods
  rescue Kubeclient::HttpError => e
    e.response.to_s
  end
  scenario("keeps the words of who raised it") do |_world|
    error = Kubeclient::HttpError.new(408, "timed out", :response)
    [error.error_code, error.message, error.response, error.to_s, Kubeclient::ResourceNotFoundError.new(404, "x", nil).to_s]
  end
  scenario("an error may have no code and no words") do |_world|
    error = Kubeclient::HttpError.new(nil, nil, nil)
    [error.error_code, error.message, error.response]
  end
  scenario("errors have the ancestors that rescue lists name") do |_world|
    [Kubeclient::ResourceNotFoundError <= Kubeclient::HttpError, Kubeclient::HttpError <= KubeException, KubeException <= StandardError]
  end

  scenario("nothing listens", {}, raises: "Errno::ECONNREFUSED", over: :socket) do |_world|
    HeldPort.open { |port| Kubeclient::Client.new("http://127.0.0.1:#{port}", "v1").get_pods }
  end
  scenario("the name has no address", {}, raises: "SocketError", over: :socket) { |_world| Kubeclient::Client.new("http://no-such-host.invalid", "v1").get_pods }
  scenario("the server does not answer in time", { "GET /api/v1" => nil }, raises: "Kubeclient::HttpError", over: :socket) do |_world|
    silent = TCPServer.new("127.0.0.1", 0)
    Kubeclient::Client.new("http://127.0.0.1:#{silent.addr[1]}", "v1", timeouts: { open: 1, read: 0.2 }).get_pods
  rescue Kubeclient::HttpError => e
    /timed out/i.match?(e.message) ? raise : e.message # the words that GitLab looks for
  ensure
    silent.close
  end
  scenario("a certificate nobody trusts", {}, raises: "Kubeclient::HttpError", over: :socket) do |world|
    world.with_tls { |url, _| Kubeclient::Client.new(url, "v1").get_pods }
  end
end
