# frozen_string_literal: true

require "gitlab_kube"
require "tmpdir"
require_relative "contract/support/pki"
require_relative "support/kube_server"

RSpec.describe GitlabKube::CaFile do
  let(:pki) { Pki.new }
  let(:other) { Pki.new }
  let(:server) { KubeServer.start(tls: pki.context) { KubeServer.json({ kind: "PodList", items: [] }) } }
  let(:client) { KubeServer.client(server, ssl_options: { ca_file: path }) }
  let(:path) { File.join(@dir, "ca.crt") }

  around { |example| Dir.mktmpdir { |dir| (@dir = dir) && example.run } }

  after { server.stop }

  # As Kubernetes does it: all at once.
  def replace(text)
    File.write("#{path}.new", text)
    File.rename("#{path}.new", path)
  end

  def trusted?
    client.get_pods
    true
  rescue GitlabKube::TlsError
    false
  end

  it "is read again when it is replaced, and the server judged by it, on connections that stand too" do
    replace(other.ca.to_pem)
    expect(trusted?).to be(false)
    replace(pki.ca.to_pem)
    expect(trusted?).to be(true)
    replace(other.ca.to_pem)
    expect(trusted?).to be(false)
  end

  it "holds while the file is not there, or is no CA" do
    replace(pki.ca.to_pem)
    expect(trusted?).to be(true)
    replace("half a cert")
    expect(trusted?).to be(true)
    File.delete(path)
    expect(trusted?).to be(true)
    expect(server.connections).to eq(1)
  end

  it "is not looked at where something else says whom to trust" do
    replace(other.ca.to_pem)
    store = KubeServer.client(server, ssl_options: { ca_file: path, cert_store: pki.store })
    Array.new(2) { store.get_pods }
    expect(server.connections).to eq(1)
  end
end
