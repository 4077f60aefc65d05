# frozen_string_literal: true

require "json"
require_relative "http_server"

# What specs need of an API server when a whole one would say too little: discovery, and an answer of the spec's own.
module KubeServer
  CORE = { kind: "APIResourceList", resources: [
    { name: "pods", kind: "Pod", namespaced: true, verbs: %w[get list watch create delete] },
    { name: "namespaces", kind: "Namespace", namespaced: false, verbs: %w[get list] },
    { name: "secrets", kind: "Secret", namespaced: true, verbs: %w[get list] }
  ] }.freeze

  module_function

  # @yieldparam request [HttpServer::Request] any request but discovery
  def start(tls: nil, discovery: CORE, &answer)
    HttpServer.new(tls: tls) do |request|
      request.path == "/api/v1" ? [200, {}, JSON.generate(discovery)] : answer.call(request)
    end
  end

  def client(server, **options)
    GitlabKube::KubeClient.for_operator(server.url, **options)
  end

  def json(object, status: 200)
    [status, { "content-type" => "application/json" }, JSON.generate(object)]
  end
end
