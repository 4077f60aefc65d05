# frozen_string_literal: true

require "gitlab_kube"
require "gitlab_kube/reactive_caching"
require_relative "../../support/in_fork"
require_relative "../../support/kube_server"

RSpec.describe "Documents in a reactive cache" do
  include InFork

  let(:pod) { { kind: "Pod", metadata: { name: "web", labels: { "a" => "ü" } }, status: { phase: "Running" } } }
  let!(:server) do
    list = KubeServer.json({ kind: "PodList", metadata: { resourceVersion: "42", continue: "next" }, items: [pod] * 3 })
    KubeServer.start { list }
  end
  let(:pods) { KubeServer.client(server).get_pods(namespace: "default") }
  let(:life) { GitlabKube::ReactiveCaching::Life.born }

  after { server.stop }

  def stored(value)
    GitlabKube::ReactiveCaching::Stored.of(value, life: life, refreshed_at: Time.now.to_f)
  end

  def read(stored)
    GitlabKube::ReactiveCaching::Stored.parse(stored.bytes, life).value
  end

  def readers(list)
    [list.class, list.kind, list.resource_version, list.continue, list.as_json]
  end

  it "are stored as the server's own bytes" do
    bytes = stored(pods).bytes
    expect(bytes.getbyte(0)).to eq(1)
    expect(bytes).to end_with(pods.document_json.b)
  end

  it "come back with their readers and their content, lists and objects" do
    expect(readers(read(stored(pods)))).to eq(readers(pods))
    expect(read(stored(pods.first)).metadata.labels["a"]).to eq("ü")
  end

  it "come back after they were read, and with what was changed" do
    pods.first.metadata.name = "other"
    copy = read(stored(pods))
    expect(copy.map { |item| item.metadata.name }).to eq(%w[other web web])
    expect([copy.kind, copy.resource_version]).to eq(["Pod", "42"])
  end

  it "are stored as bytes inside a Hash too, and nothing is decoded when it is read" do
    bytes = stored({ pods: pods, "at" => 1 }).bytes
    expect(bytes.getbyte(0)).to eq(2)
    expect(bytes).to include('"resourceVersion":"42"')
    many = stored({ pods: GitlabKube::ResourceList.from_source(GitlabKube::Native::Document.parse({ items: [pod] * 1000 }.to_json)) })
    expect(read(many)[:pods].size).to eq(1000)
    expect(objects_made { read(many) }).to be < 200
  end

  # In a child of its own: there no other example's thread makes any.
  def objects_made
    in_fork do
      before = GC.stat(:total_allocated_objects)
      yield
      GC.stat(:total_allocated_objects) - before
    end
  end

  it "plucked are stored as plain Arrays" do
    copy = read(stored(pods.pluck("metadata.name", "status.phase")))
    expect([copy.class, copy]).to eq([Array, [%w[web Running]] * 3])
  end

  it "whose bytes are broken are a miss" do
    broken = stored(pods).bytes.byteslice(0..-10)
    expect(GitlabKube::ReactiveCaching::Stored.parse(broken, life).value).to be_nil
  end
end
