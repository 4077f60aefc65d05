# frozen_string_literal: true

require "gitlab_kube"
require_relative "../../../lib/gitlab_kube/resources"
require_relative "../../support/kube_server"

RSpec.describe GitlabKube::Services::Prometheus do
  let(:base) { "/api/v1/namespaces/gitlab-managed-apps/services/prometheus-prometheus-server:80/proxy" }
  let(:answer) { [200, {}, JSON.generate({ status: "success", data: { resultType: "vector", result: [{ "value" => [1, "2"] }] } })] }
  let(:server) { KubeServer.start { answer } }
  let(:client) { KubeServer.client(server) }
  let(:prometheus) { described_class.new(client, clock: -> { Time.at(7200) }) }
  let(:asked) { server.seen.last.path }

  after { server.stop }

  it "asks a query at a time" do
    expect(prometheus.query("up{job='a b'}", time: Time.at(5))).to eq([{ "value" => [1, "2"] }])
    expect(asked).to eq("#{base}/api/v1/query?query=up%7Bjob%3D%27a+b%27%7D&time=5.0")
  end

  it "asks for as many points as a graph has, a minute apart at the least" do
    prometheus.query_range("up", start_time: 0)

    expect(asked).to eq("#{base}/api/v1/query_range?query=up&start=0.0&end=7200.0&step=60")
    expect([described_class.step(0, 36_000), described_class.step(0, 86_400)]).to eq([60, 144])
  end

  it "asks for series and labels" do
    answer[2] = '{"status":"success","data":[]}'
    prometheus.series("up", "down", start_time: 0, end_time: 1)
    expect(asked).to eq("#{base}/api/v1/series?match%5B%5D=up&match%5B%5D=down&start=0.0&end=1.0")
    prometheus.label_values("job")
    expect(server.seen.last.path).to eq("#{base}/api/v1/label/job/values")
  end

  it "says without a word of it that a result is none" do
    answer[2] = '{"status":"success","data":"MARKER"}'
    [-> { prometheus.query("up") }, -> { prometheus.query_range("up", start_time: 0) }].each do |ask|
      expect(&ask).to raise_error(described_class::UnexpectedResponseError) { |error| expect(error.full_message).not_to include("MARKER") }
    end
  end

  it "refuses a label and a service that would lead elsewhere" do
    expect { prometheus.label_values("../../secrets") }.to raise_error(described_class::QueryError)
    expect { described_class.new(client, service: "a/../b") }.to raise_error(ArgumentError)
    expect { described_class.new(client, port: "80/x") }.to raise_error(ArgumentError)
    expect(server.seen).to be_empty
  end

  {
    [200, "not json"] => [:UnexpectedResponseError, "not an answer of Prometheus"],
    [200, '{"status":"error"}'] => [:UnexpectedResponseError, "not an answer of Prometheus"],
    [200, "[]"] => [:UnexpectedResponseError, "not an answer of Prometheus"],
    [400, '{"error":"s3cret"}'] => [:QueryError, "Prometheus refused the query (400)"],
    [503, "s3cret"] => [:UnexpectedResponseError, "Prometheus answered 503"],
    [404, "s3cret"] => [:UnexpectedResponseError, "Prometheus answered 404"]
  }.each do |(status, body), (klass, words)|
    context "when the answer is #{status} #{body}" do
      let(:answer) { [status, {}, body] }

      it "raises #{klass} in our words" do
        expect { prometheus.query("up") }.to raise_error(described_class.const_get(klass), words)
        expect { prometheus.query("up") }.to raise_error(GitlabKube::Error)
      end
    end
  end

  it "says that nothing listens" do
    server.stop

    expect { prometheus.ping }.to raise_error(described_class::ConnectionError, "Connection refused")
  end

  describe "#healthy?" do
    context "when Prometheus says that it is" do
      let(:answer) { [200, { "content-type" => "text/plain" }, "Prometheus is Healthy.\n"] }

      it("is true") { expect(prometheus).to be_healthy }
    end

    context "when anybody says anything else" do
      let(:answer) { [200, {}, "I am fine"] }

      it("is false") { expect(prometheus).not_to be_healthy }
    end
  end
end
