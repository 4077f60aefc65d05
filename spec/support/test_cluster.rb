# frozen_string_literal: true

require "base64"
require "json"
require "net/http"
require "openssl"
require "yaml"

# A real Kubernetes control plane as a child process, and a client of it that shares no code with the gem.
# It ends with this process, however this process ends.
class TestCluster
  BINARY = File.expand_path("../../testcluster/testcluster", __dir__)
  START_TIMEOUT = 150 # seconds; the process itself gives up sooner

  # `front`: the URL of the door of `front_age: "200ms"`; "none" without it.
  attr_reader :kubeconfig, :server, :front, :ca_pem, :admin_cert_pem, :admin_key_pem, :pid

  # @param dir [String, nil] where its log is kept afterwards; without one it leaves nothing
  # @param err where its complaints go
  # @param flags the program's: `nodes: 2, etcd_compaction: "1s", apiserver_args: "--feature-gates=…"` (testcluster/README.md)
  # @return [TestCluster] that answers requests
  def self.start(**options)
    new(**options)
  end

  def initialize(dir: nil, err: :err, **flags)
    @owner = Process.pid
    @err = err
    @stdout = launch(dir ? flags.merge(dir: dir) : flags)
    ready = read_ready
    @kubeconfig = ready.fetch("kubeconfig")
    @server = ready.fetch("server")
    @front = ready.fetch("front")
    read_credentials
    at_exit { stop if Process.pid == @owner }
  end

  # @return [Hash] with which GitlabKube::KubeClient is its administrator
  def ssl_options
    { ca: ca_pem, client_cert: admin_cert_pem, client_key: admin_key_pem }
  end

  # @return [String] what etcd, the apiserver, the controllers and the kubelet say
  def log_path
    File.join(File.dirname(kubeconfig), "testcluster.log")
  end

  # Ends its apiserver as a rolling update would, and starts another on the same port and over the same etcd.
  # @return [void] when that one answers
  def restart_apiserver
    Process.kill("USR1", pid)
    raise "the apiserver did not come back" unless line == "RESTARTED\n"
  end

  # Waits until nothing of it is left. Nothing happens the second time, or in a forked child.
  def stop
    return unless @stdin && Process.pid == @owner

    @stdin.close
    @stdin = nil
    Process.kill("TERM", pid) # a forked child may still hold the pipe open
    Process.wait(pid)
  rescue Errno::ESRCH, Errno::ECHILD
    nil # it is gone already
  end

  # @return [Net::HTTPResponse] whatever its code. As the administrator, or as the bearer of the token.
  def get(path, token: nil)
    request(Net::HTTP::Get.new(path), token)
  end

  # @param body [Hash, String] a String goes out as it is
  def post(path, body, token: nil)
    send_json(Net::HTTP::Post.new(path), body, token)
  end

  # @param body [Hash, String]
  def patch(path, body, content_type: "application/merge-patch+json", token: nil)
    send_json(Net::HTTP::Patch.new(path), body, token, content_type)
  end

  def delete(path, token: nil)
    request(Net::HTTP::Delete.new(path), token)
  end

  # @return [String] a token of the ServiceAccount, which must exist, minted by the server (TokenRequest)
  def token_for(service_account, namespace, seconds: 3600)
    answer = post("/api/v1/namespaces/#{namespace}/serviceaccounts/#{service_account}/token",
                  { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: seconds } })
    raise "no token for #{namespace}/#{service_account}: #{answer.code} #{answer.body}" unless answer.code == "201"

    JSON.parse(answer.body).dig("status", "token")
  end

  private

  # @return [IO] its standard output. Closing @stdin ends it; a process group of its own keeps Ctrl-C from doing so first.
  def launch(flags)
    binary = ENV.fetch("TESTCLUSTER", BINARY)
    raise "#{binary} is missing: run testcluster/build" unless File.executable?(binary)

    arguments = flags.map { |name, value| ["-", name.to_s.tr("_", "-"), "=", value].join }
    stdin, @stdin = IO.pipe
    stdout, output = IO.pipe
    @pid = Process.spawn(binary, "-exit-on-stdin-eof", *arguments, in: stdin, out: output, err: @err, pgroup: true)
    stdin.close
    output.close
    stdout
  end

  # The line is `READY name=value name=value …`.
  def read_ready
    ready = line
    return ready.split.drop(1).to_h { |field| field.split("=", 2) } if ready&.start_with?("READY ")

    stop
    raise "testcluster did not start; with dir: its testcluster.log is kept"
  end

  # @return [String, nil] what it says next
  def line
    @stdout.gets if @stdout.wait_readable(START_TIMEOUT)
  end

  def read_credentials
    config = YAML.safe_load_file(kubeconfig)
    cluster = config["clusters"][0]["cluster"]
    user = config["users"][0]["user"]
    @ca_pem = Base64.decode64(cluster["certificate-authority-data"])
    @admin_cert_pem = Base64.decode64(user["client-certificate-data"])
    @admin_key_pem = Base64.decode64(user["client-key-data"])
  end

  def send_json(request, body, token, content_type = "application/json")
    request["Content-Type"] = content_type
    request.body = body.is_a?(String) ? body : JSON.generate(body)
    request(request, token)
  end

  def request(request, token)
    request["Accept"] = "application/json"
    request["Authorization"] = "Bearer #{token}" if token
    uri = URI(server)
    Net::HTTP.start(uri.host, uri.port, nil, **tls(token)) { |http| http.request(request) }
  end

  # With a token the certificate stays at home: the server would believe it first.
  def tls(token)
    options = { use_ssl: true, cert_store: OpenSSL::X509::Store.new.add_cert(OpenSSL::X509::Certificate.new(ca_pem)) }
    return options if token

    options.merge(cert: OpenSSL::X509::Certificate.new(admin_cert_pem), key: OpenSSL::PKey.read(admin_key_pem))
  end
end
