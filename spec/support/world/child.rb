# frozen_string_literal: true

# A program in the world of namespace.rb. It takes every entry to a server whose name means a blocked address, or comes to mean one, and
# prints as JSON what came of each: the error, and the addresses that were dialled.

$LOAD_PATH.unshift File.expand_path("../../../lib", __dir__)
require "gitlab_kube/kubeclient"
require "json"
require_relative "entries"
require_relative "everywhere"

GOOD = "93.184.216.34"
BLOCKED = "169.254.169.254" # not even the operator's
OPERATORS_PROXY = "http://127.0.0.1:3128"

def names(**meanings)
  File.write("/etc/hosts", meanings.map { |name, address| "#{address} #{name}.test\n" }.join)
end

SERVER = Everywhere.new

def attempt(&call)
  SERVER.dialled
  Timeout.timeout(20) { call.call }
  { error: nil, dialled: SERVER.dialled }
rescue StandardError => e
  { error: e.class.name, words: e.message, dialled: SERVER.dialled }
end

def each_entry(name, **options)
  url = "http://#{name}.test"
  Entries.of(GitlabKube::KubeClient.new(url, **options), url, **options).transform_values { |call| attempt(&call) }
end

# The name is good while the server says what it has, and blocked when the entry dials.
def turned
  url = "http://turned.test"
  names(turned: GOOD)
  Kubeclient::Client.new(url, "v1").discover
  entries = Entries.of(GitlabKube::KubeClient.new(url), url)
  names(turned: BLOCKED)
  entries.transform_values { |call| attempt(&call) }
end

# The name turns while a watch runs that goes on after its end.
def resumed
  names(watched: GOOD)
  client = GitlabKube::KubeClient.new("http://watched.test").core_client
  attempt { watch(client) { names(watched: BLOCKED) } }
end

# The name turns while the credential is asked for, after the server refused the last one.
def refreshed(client)
  names(refreshed: GOOD)
  attempt { client.raw(:get, "/readyz", as: :text) }
end

def provider
  lambda do |refresh|
    names(refreshed: BLOCKED) if refresh
    refresh ? "new" : "old"
  end
end

PLUGIN = <<~SHELL.freeze
  test -e "$0.ran" && echo #{BLOCKED} refreshed.test > /etc/hosts
  echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'"$(test -e "$0.ran" && echo new || echo old)"'"}}'
  touch "$0.ran"
SHELL

def kubeconfig(directory)
  File.write("#{directory}/plugin", "#!/bin/sh\n#{PLUGIN}", perm: 0o755)
  plugin = { apiVersion: "client.authentication.k8s.io/v1", command: "#{directory}/plugin" }
  JSON.generate("current-context" => "a", contexts: [{ name: "a", context: { cluster: "a", user: "a" } }],
                clusters: [{ name: "a", cluster: { server: "http://refreshed.test" } }], users: [{ name: "a", user: { exec: plugin } }])
end

# What an administrator changes: here, whether a metadata service is open by its very address.
class Administrator
  # @return [Array<Thread>] that asked
  attr_reader :askers

  def initialize
    @askers = []
    open
    GitlabKube.config.allowlist = -> { (@askers << Thread.current) && @list }
  end

  def open
    @list = [BLOCKED]
  end

  def close
    @list = []
  end
end

def settings_changed
  names(listed: BLOCKED)
  client = GitlabKube::KubeClient.new("http://listed.test")
  administrator = Administrator.new
  calls = { "open" => attempt { client.server_version } }
  administrator.close
  calls["closed"] = attempt { client.server_version }
  administrator.open
  calls["closed while a watch runs"] = attempt { watch(client.core_client) { administrator.close } }
  calls.merge("asked in" => administrator.askers.uniq.map { |thread| thread.equal?(Thread.main) })
end

def watch(client, &block)
  client.watch("pods", resume: true, resource_version: "1", allow_watch_bookmarks: true, &block)
end

# The controls come last: a connection that one of them leaves behind would be counted for the next.
said = {}
names(good: GOOD, blocked: BLOCKED)
said[:blocked] = each_entry("blocked")
GitlabKube.interceptor = ->(_request, &send) { send.call }
said[:intercepted] = each_entry("blocked")
GitlabKube.interceptor = nil
GitlabKube.config.operator_proxies = [OPERATORS_PROXY]
said[:proxied] = each_entry("blocked", http_proxy_uri: OPERATORS_PROXY)
said[:users_proxy] = each_entry("good", http_proxy_uri: "http://blocked.test:3128")
said[:turned] = turned
said[:asked_again] = { "token provider" => refreshed(GitlabKube::KubeClient.new("http://refreshed.test", auth_options: { bearer_token: provider })) }
Dir.mktmpdir do |directory|
  said[:asked_again]["exec plugin"] = refreshed(GitlabKube::KubeClient.from_kubeconfig("#{kubeconfig(directory)}\n", trusted: true))
end
said[:asked_again]["resumed watch"] = resumed
said[:settings] = settings_changed
GitlabKube.config.allowlist = []
names(good: GOOD)
said[:control] = each_entry("good")
said[:proxied_control] = each_entry("good", http_proxy_uri: OPERATORS_PROXY).slice("get", "watch", "exec", "Kubeclient get_pods")
puts JSON.generate(said)
