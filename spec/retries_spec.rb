# frozen_string_literal: true

require "gitlab_kube"
require_relative "support/eventually"
require_relative "support/kube_server"

# A server that asks for patience, and a client that was told to have some.
RSpec.describe "The option `retries`" do
  include Eventually

  let(:codes) { [] }
  let(:server) do
    KubeServer.start { (code = codes.shift) ? [code, { "retry-after" => "0" }, ""] : KubeServer.json({ metadata: { name: "a" } }) }
  end
  let(:asked) { server.seen.count { |request| request.path != "/api/v1" } }

  after { server.stop }

  def client(**options)
    KubeServer.client(server, **options)
  end

  def read(**options)
    client(**options).get_pod("a", "web").metadata.name
  end

  it "is none unless said otherwise" do
    codes << 429
    expect { read }.to raise_error(GitlabKube::TooManyRequestsError)
    expect(asked).to eq(1)
  end

  it "tries again as often as it says, after 429, 503 and 504" do
    codes.push(429, 503, 504)
    expect(read(retries: 3)).to eq("a")
    expect(asked).to eq(4)
  end

  it "gives the last refusal when that was not enough" do
    codes.push(429, 429, 503)
    expect { read(retries: 2) }.to raise_error(GitlabKube::ServerError) { |e| expect(e.error_code).to eq(503) }
    expect(asked).to eq(3)
  end

  it "goes on for no longer than the whole call may take" do
    slow = KubeServer.start { sleep(0.4) && [503, { "retry-after" => "0" }, ""] }
    patient = KubeServer.client(slow, retries: 10, timeouts: { total: 1 })
    expect { patient.get_pod("a", "web") }.to raise_error(GitlabKube::TimeoutError) { |e| expect(e.phase).to eq(:total) }
  ensure
    slow&.stop
  end

  it "does not repeat what patience cannot help" do
    codes << 500
    expect { read(retries: 3) }.to raise_error(GitlabKube::ServerError)
    expect(asked).to eq(1)
  end

  it "repeats a creation that was not begun, and none that may have been" do
    pod = { metadata: { name: "a", namespace: "web" } }
    codes << 429
    expect(client(retries: 1).create_pod(pod).metadata.name).to eq("a")
    codes << 503
    expect { client(retries: 1).create_pod(pod) }.to raise_error(GitlabKube::ServerError)
    expect(asked).to eq(3)
  end

  it "waits as the server asks, and can be interrupted while it does" do
    patient = KubeServer.start { [429, { "retry-after" => "20" }, ""] }
    asked = -> { patient.seen.count { |request| request.path != "/api/v1" } }
    reader = Thread.new { KubeServer.client(patient, retries: 1).get_pods }
    reader.report_on_exception = false
    eventually { asked.call == 1 }
    expect(reader.join(0.5)).to be_nil
    reader.raise(IOError, "enough")
    expect { reader.value }.to raise_error(IOError, "enough")
    expect(asked.call).to eq(1)
  ensure
    patient.stop
  end

  ["3", -1, 11, 1.5].each do |wrong|
    it "is not #{wrong.inspect}" do
      expect { client(retries: wrong) }.to raise_error(GitlabKube::InvalidArgumentError, "retries is a number from 0 to 10")
    end
  end
end
