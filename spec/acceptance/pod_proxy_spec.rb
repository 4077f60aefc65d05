# frozen_string_literal: true

require_relative "support/cluster"
require_relative "../support/http_server"

# What the API server passes on to a pod, and what comes back.
RSpec.describe GitlabKube::KubeClient, :cluster do
  let(:client) { AcceptanceCluster.client }
  let(:core) { client.core_client }
  let(:namespace) { AcceptanceCluster.namespace(client) }

  # It says the second line when it is told that the first has come.
  def talker(heard)
    HttpServer.new do |request|
      lambda do |socket|
        socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n#{chunk("#{request.path}\n")}")
        heard.pop
        socket.write("#{chunk("two\n")}0\r\n\r\n")
      end
    end
  end

  def chunk(text)
    "#{text.bytesize.to_s(16)}\r\n#{text}\r\n"
  end

  it "passes on what comes, line by line" do
    heard = Queue.new
    server = talker(heard)
    client.create_pod(metadata: { name: "p", namespace: namespace, annotations: { "testcluster/serve" => "127.0.0.1:#{server.port}" } },
                      spec: { containers: [{ name: "app", image: "app", ports: [{ containerPort: 80 }] }] })
    core.wait_for("pods", "p", namespace: namespace) { |pod| pod.status.phase == "Running" }
    lines = []
    path = URI(core.proxy_url("pod", "p", 80, namespace)).path
    client.raw(:get, "#{path}/events?a=b", as: :text) { |line| heard << lines.push(line) }
    expect(lines).to eq(["/events?a=b", "two"])
  ensure
    server&.stop
  end
end
