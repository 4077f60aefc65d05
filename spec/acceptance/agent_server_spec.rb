# frozen_string_literal: true

require_relative "support/agent_server"
require_relative "support/cluster"

# A cluster behind GitLab's agent server, as CI jobs and people with a personal access token reach it.
RSpec.describe GitlabKube::KubeClient, :cluster do
  let(:connected) { [true] }
  let(:server) { AgentServer.new(AcceptanceCluster.running, %w[ci:7:job pat:7:glpat], connected: -> { connected.last }) }
  let(:client) { client_as("ci:7:job") }
  let(:namespace) { AcceptanceCluster.namespace(AcceptanceCluster.client) }

  after { server.stop }

  def client_as(token)
    described_class.for_operator(server.url, auth_options: { bearer_token: token }, ssl_options: { ca: server.ca_pem }, http2: false)
  end

  def pod(name, line = "echo one; sleep 0.2; echo two")
    {
      metadata: { name: name, namespace: namespace, annotations: { "testcluster/run" => "true" } },
      spec: { restartPolicy: "Never", terminationGracePeriodSeconds: 0,
              containers: [{ name: "one", image: "alpine", command: ["/bin/sh", "-c", line] }] }
    }
  end

  it "is read and written with a job's token and with a person's" do
    client.create_config_map(metadata: { name: "a", namespace: namespace }, data: { k: "v" })
    expect(client_as("pat:7:glpat").get_config_map("a", namespace).data.k).to eq("v")
    expect { client.get_config_map("b", namespace) }.to raise_error(GitlabKube::ResourceNotFoundError)
  end

  it "is watched, and its logs are followed" do
    events = Queue.new
    version = client.get_pods(namespace: namespace).resource_version
    stream = client.watch_pods(namespace: namespace, resource_version: version)
    watching = Thread.new { stream.each { |notice| events << notice.object.metadata.name } }
    client.create_pod(pod("p"))
    expect(events.pop).to eq("p")
    stream.finish
    watching.join

    client.core_client.wait_for("pods", "p", namespace: namespace) { |found| %w[Running Succeeded].include?(found.status.phase) }
    lines = []
    client.watch_pod_log("p", namespace) { |line| lines << line }
    expect(lines).to eq(%w[one two])
  end

  it "runs commands, with input, output and an exit code, and a terminal that is talked to" do
    client.create_pod(pod("e", "sleep 600"))
    client.core_client.wait_for("pods", "e", namespace: namespace) { |found| found.status.phase == "Running" }
    result = client.core_client.exec("e", namespace, ["sh", "-c", "tr a-z A-Z; echo err >&2; exit 3"], stdin: "in" * 100_000)
    expect([result.stdout, result.stderr, result.exit_code]).to eq(["IN" * 100_000, "err\n", 3])

    client.core_client.exec("e", namespace, ["sh", "-c", "read line; echo $((line*7)); exit 4"], tty: true) do |session|
      session.write("6\n")
      expect(session.each_output.map { |_name, bytes| bytes }.join).to include("42\r\n")
      expect(session.exit_code).to eq(4)
    end
    client.delete_pod("e", namespace)
  end

  it "is told apart from the agent server by the class of what it refuses, without a word of either" do
    refused = [-> { client_as("ci:8:job").get_pods }, lambda {
      client.core_client.discover
      connected << false
      client.get_pods
    }].map do |call|
      call.call
    rescue GitlabKube::HttpError => e
      e
    end
    expect(refused.map(&:class)).to eq([GitlabKube::AgentUnauthorizedError, GitlabKube::AgentUnavailableError])
    expect(refused.map(&:error_code)).to eq([401, 502])
    expect(refused.map(&:full_message).join).not_to include("MARKER")

    nobody = AcceptanceCluster.client(auth_options: { bearer_token: "nobody" }, client_cert: nil, client_key: nil)
    expect { nobody.get_pods }.to raise_error(GitlabKube::UnauthorizedError) { |e| expect(e.class).to eq(GitlabKube::UnauthorizedError) }
  end
end
