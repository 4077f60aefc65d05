# frozen_string_literal: true

require "json"
require "tempfile"
require_relative "held_port"
require_relative "http_server"

# What a page of pods and deployments needs of an API server, at one address, that breaks in each of the ways clusters break.
class FailingCluster
  # What it may do, and the code a reader is then told.
  MODES = { hung: "GitlabKube::TimeoutError", refusing: "GitlabKube::ConnectionRefusedError", broken: "500",
            gone: "GitlabKube::TimeoutError" }.freeze
  KINDS = { "/api/v1" => %w[pods Pod], "/apis/apps/v1" => %w[deployments Deployment] }.freeze

  # @return [Array<String>] the names of its pods
  attr_accessor :pods

  def initialize(pods)
    @pods = pods
    @held = HeldPort.new # nobody else is given it from one mode to the next
    @port = @held.number
    @sockets = []
    become(:well)
  end

  # @return [String] a file's path
  def kubeconfig
    cluster = { "clusters" => [{ "cluster" => { "server" => "http://127.0.0.1:#{@port}" } }], "users" => [{ "user" => {} }] }
    (@kubeconfig ||= Tempfile.new("kubeconfig").tap { |file| file.write(JSON.generate(cluster)) && file.flush }).path
  end

  # @param mode [Symbol] one of MODES, or :well
  def become(mode)
    end_mode
    case mode
    when :well then @server = HttpServer.new(port: @port) { |request| answer(request) }
    when :hung then @server = HttpServer.new(port: @port) { sleep }
    when :broken then @server = HttpServer.new(port: @port) { json({ kind: "Status", message: "<b>the server's words</b>" }, 500) }
    when :gone then @sockets = fill
    end
  end

  def stop
    end_mode
    @held.close
  end

  private

  # Nobody listens: the kernel refuses.
  def end_mode
    @server&.stop
    @server = nil
    @sockets.pop.close until @sockets.empty?
  end

  def answer(request)
    path = request.path[/\A[^?]+/]
    group = KINDS.keys.find { |prefix| path.start_with?(prefix) } or return json({}, 404)
    plural, kind = KINDS.fetch(group)
    return json({ kind: "#{kind}List", items: plural == "pods" ? pods.map { |name| pod(name) } : [deployment] }) unless path == group

    json({ kind: "APIResourceList", resources: [{ name: plural, kind: kind, namespaced: true, verbs: %w[get list watch] }] })
  end

  def pod(name)
    { metadata: { namespace: "web", name: name, creationTimestamp: "2026-01-02T03:04:05Z" }, status: { phase: "Running" } }
  end

  def deployment
    { metadata: { namespace: "web", name: "web" }, spec: { replicas: 3 }, status: { readyReplicas: 2 } }
  end

  def json(object, status = 200)
    [status, { "content-type" => "application/json" }, JSON.generate(object)]
  end

  # A queue of one, and full: the kernel drops what else comes, as if no host were there.
  def fill
    socket = Addrinfo.tcp("127.0.0.1", @port).listen(0)
    [socket, *Array.new(4) { Socket.new(:INET, :STREAM).tap { |one| one.connect_nonblock(socket.local_address, exception: false) } }]
  end
end
