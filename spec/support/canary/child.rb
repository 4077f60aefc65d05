# frozen_string_literal: true

# A program whose every call meets a hostile server. It prints, as JSON, what each error says of itself, and what its logger and its
# subscribers were told; whatever it writes to stderr is the parent's to look at.

$LOAD_PATH.unshift File.expand_path("../../../lib", __dir__)
require "gitlab_kube"
require "json"
require "logger"
require "stringio"
require_relative "bird"

plain_url, tls_url, proxy_url, http2_url, ca, marker = JSON.parse($stdin.read)

LOG = StringIO.new
GitlabKube.config.logger = Logger.new(LOG, level: Logger::DEBUG)
GitlabKube.config.allowlist = ["127.0.0.1"] # what is an operator's own has no proxy here
EVENTS = [] # rubocop:disable Style/MutableConstant
ActiveSupport::Notifications.subscribe(/gitlab_kube/) { |*event| EVENTS << event.inspect << event.last.to_json << YAML.dump(event.last) }

def client(url, **options)
  GitlabKube::KubeClient.for_operator(url, timeouts: { open: 10, read: 10 }, **options)
end

def attempt
  result = yield
  { error: nil, texts: Bird.texts(result) }
rescue StandardError => e
  seen = e.unsafe_server_message if e.respond_to?(:unsafe_server_message)
  { error: e.class.name, code: (e.error_code if e.respond_to?(:error_code)), seen: seen, texts: Bird.of_error(e) }
end

server = client(plain_url)
calls = {
  tls_untrusted: -> { client(tls_url).get_pod("a", "web") },
  tls_other_name: -> { client(tls_url, ssl_options: { ca: ca, server_name: "localhost" }).get_pod("a", "web") },
  proxy: -> { GitlabKube::KubeClient.new(plain_url, http_proxy_uri: proxy_url).get_pod("a", "web") },
  discovery: -> { client("#{plain_url}/discovery").get_pod("a", "web") },
  resource_name: -> { client("#{plain_url}/named").core_client.get_pod("status-403", "web") },
  unknown_method: -> { server.core_client.get_nonsense("a", "web") },
  log: -> { server.get_pod_log("status-404", "web") },
  log_cut: -> { server.watch_pod_log("cut", "web") { |_line| nil } },
  watch_status: -> { server.watch_pods(namespace: "status-410") { |_notice| nil } },
  watch_error: -> { server.watch_pods(namespace: "error-event") { |_notice| nil } },
  watch_torn: -> { server.watch_pods(namespace: "torn") { |_notice| nil } },
  watch_nonsense: -> { server.watch_pods(namespace: "nonsense") { |_notice| nil } },
  update: -> { server.core_client.create("pods", { metadata: { name: "a" } }, namespace: "status-409") },
  panic_in_a_method: -> { GitlabKube::Native.panic("method", marker) },
  panic_in_a_wait: -> { GitlabKube::Native.panic("wait", marker) },
  panic_in_a_task: -> { GitlabKube::Native.panic("task", marker) },
  graceful: -> { GitlabKube::KubeClient.graceful_request(1) { server.get_pod("status-403", "web") } }
}
cases = JSON.parse(ENV.fetch("CASES"))
cases["http"].each { |name| calls[name.to_sym] = -> { server.get_pod(name, "web") } }
cases["http2"].each do |name| # each on a connection of its own
  anybody = { verify_ssl: OpenSSL::SSL::VERIFY_NONE }
  calls[:"http2-#{name}"] = -> { client("#{http2_url}/#{name}", ssl_options: anybody).raw(:get, "/readyz") }
end
cases["sockets"].each do |name|
  calls[:"exec-#{name}"] = -> { server.core_client.exec(name, "web", "id") }
  calls[:"attach-#{name}"] = -> { server.core_client.attach(name, "web") }
  calls[:"port_forward-#{name}"] = -> { server.core_client.port_forward(name, "web", 80, &:read) }
end

said = calls.transform_values { |call| attempt(&call) }
notice = server.core_client.watch("pods", namespace: "error-event").first
said[:notice] = { texts: { inspect: notice.inspect, to_s: notice.to_s, pp: PP.pp(notice, +""), object: PP.pp(notice.object, +"") } }
puts JSON.generate(said.merge(logger: { texts: { all: LOG.string } }, events: { texts: { all: EVENTS.join("\n") } }))
