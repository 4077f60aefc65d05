# frozen_string_literal: true

require "json"
require "tmpdir"
require "yaml"
require "gitlab_kube"
require_relative "../support/eventually"
require_relative "../support/kube_server"

# Real programs, and a real socket: the token that arrives is the one the plugin gave.
RSpec.describe GitlabKube::Kubeconfig do
  include Eventually

  around { |example| Dir.mktmpdir { |dir| (@dir = dir) && example.run } }

  after { server.stop }

  let(:refused) { [] }
  let(:server) do
    KubeServer.start do |request|
      token = request.headers["authorization"]
      if refused.include?(token)
        KubeServer.json({ kind: "Status" },
                        status: 401)
      else
        KubeServer.json({ kind: "Pod", metadata: { name: token } })
      end
    end
  end

  # A plugin that counts its runs and answers what the shell says; the kubeconfig lies beside it.
  def client(script, **exec)
    File.write("#{@dir}/plugin", "#!/bin/sh\necho run >> #{@dir}/runs\nn=$(wc -l < #{@dir}/runs)\n#{script}\n", perm: 0o755)
    exec = { "apiVersion" => "client.authentication.k8s.io/v1", "command" => "./plugin", "interactiveMode" => "IfAvailable" }.merge(exec)
    File.write("#{@dir}/config", YAML.dump(kubeconfig(exec)))
    GitlabKube::KubeClient.from_kubeconfig("#{@dir}/config", trusted: true)
  end

  def kubeconfig(exec)
    {
      "current-context" => "x", "contexts" => [{ "name" => "x", "context" => { "cluster" => "c", "user" => "u" } }],
      "clusters" => [{ "name" => "c", "cluster" => { "server" => server.url } }],
      "users" => [{ "name" => "u", "user" => { "exec" => exec } }]
    }
  end

  def answer(token, expires = nil)
    status = { token: token, expirationTimestamp: expires }.compact
    "cat <<END\n#{JSON.generate(apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: status)}\nEND"
  end

  def running?(pid)
    File.read("/proc/#{pid}/stat").split[2] != "Z"
  rescue SystemCallError
    false
  end

  def runs
    File.readlines("#{@dir}/runs").size
  end

  it "runs nothing until a request is made, then once for many threads" do
    client = client(answer("t-$n"))
    expect(File).not_to exist("#{@dir}/runs")
    names = Array.new(8) { Thread.new { client.get_pod("a", "web").metadata.name } }.map(&:value)
    expect([names.uniq, runs]).to eq([["Bearer t-1"], 1])
  end

  it "gives arguments and environment without a shell, and says what it is" do
    script = "printf '%s|' \"$@\" > #{@dir}/arguments; printf '%s' \"$KUBERNETES_EXEC_INFO\" > #{@dir}/info; #{answer('$WHO')}"
    client = client(script, "args" => ["$(touch x)", "a b;"], "env" => [{ "name" => "WHO", "value" => "glab" }],
                            "provideClusterInfo" => true)
    expect(client.get_pod("a", "web").metadata.name).to eq("Bearer glab")
    expect(File.read("#{@dir}/arguments")).to eq("$(touch x)|a b;|")
    expect(JSON.parse(File.read("#{@dir}/info"))).to include("kind" => "ExecCredential", "spec" => {
                                                               "interactive" => false, "cluster" => { "server" => server.url }
                                                             })
  end

  it "asks again for a token that expires, and not for one that does not yet" do
    client = client(answer("t-$n", (Time.now + 5).utc.iso8601))
    expect(Array.new(2) { client.get_pod("a", "web").metadata.name }.last).not_to eq("Bearer t-1")
    File.delete("#{@dir}/runs")
    client = client(answer("t-$n", (Time.now + 3600).utc.iso8601))
    expect(Array.new(3) { client.get_pod("a", "web").metadata.name }.uniq).to eq(["Bearer t-1"])
  end

  it "asks again after a 401, and lets a second one stand" do
    client = client(answer("t-$n"))
    client.core_client.discover
    refused << "Bearer t-1"
    expect(client.get_pod("a", "web").metadata.name).to eq("Bearer t-2")
    refused.push("Bearer t-2", "Bearer t-3")
    expect { client.get_pod("a", "web") }.to raise_error(GitlabKube::UnauthorizedError)
    expect(runs).to eq(3)
  end

  {
    "fails" => "echo MARKER >&2; exit 3",
    "answers no JSON" => "echo MARKER",
    "answers another version" => "echo '{\"apiVersion\":\"MARKER\",\"status\":{\"token\":\"MARKER\"}}'",
    "answers no token" => "echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"MARKER\":\"x\"}}'",
    "answers no time" => "echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":' \
                         \"'{\"token\":\"x\",\"expirationTimestamp\":\"MARKER\"}}'",
    "does not stop writing" => "yes MARKER"
  }.each do |what, script|
    it "shows nothing of a plugin that #{what}" do
      expect { client(script).get_pod("a", "web") }.to raise_error(GitlabKube::CredentialPluginError) do |error|
        expect(error.full_message + error.inspect).not_to include("MARKER")
        expect(error.unsafe_server_message.to_s).to include("MARKER") if what == "fails"
      end
      expect(server.seen.map { |request| request.headers["authorization"] }.compact).to be_empty
    end
  end

  it "is not there" do
    expect { client("", "command" => "./nowhere").get_pod("a", "web") }.to raise_error(GitlabKube::CredentialPluginError, /cannot be run/)
  end

  it "wants a terminal, which we have not" do
    expect { client("", "interactiveMode" => "Always") }.to raise_error(GitlabKube::InvalidArgumentError, /terminal/)
  end

  # The time is up as soon as the child is there, and not before.
  it "is ended with its children when it takes too long" do
    file = "#{@dir}/child"
    script = "sleep 100 & echo $! > #{file}; echo begun; wait"
    clock = -> { File.size?(file) ? GitlabKube::Kubeconfig::Command::TIMEOUT : 0 }
    command = GitlabKube::Kubeconfig::Command.new("/bin/sh", ["-c", script], {}, clock: clock)
    expect { command.run }.to raise_error(GitlabKube::CredentialPluginError, /timed out/)
    child = Integer(File.read(file))
    eventually { !running?(child) }
  end
end
