# frozen_string_literal: true

require "gitlab_kube"
require "rbconfig"
require_relative "../support/kube_server"

RSpec.describe "Documents" do
  let(:pod) do
    {
      kind: "Pod", metadata: { name: "a", labels: { "app.kubernetes.io/name" => "web" }, generation: 3 },
      spec: { containers: [{ name: "one", env: [{ name: "A", value: "ü\u0000\"" }] }, { name: "two" }],
              big: 2**70, float: 1.5, no: nil, yes: true },
      status: { phase: "Running" }
    }
  end
  let!(:answer) { KubeServer.json({ kind: "PodList", metadata: { resourceVersion: "42", continue: "" }, items: [pod] * 3 }) }
  let(:server) { KubeServer.start { answer } }
  let(:client) { KubeServer.client(server) }
  let(:pods) { client.get_pods(namespace: "web") }

  after { server.stop }

  it "is equal to what JSON makes of it, touched or not" do
    expected = JSON.parse(JSON.generate(pod))
    expect(pods.as_json).to eq([expected] * 3)
    expect(pods.first.to_h).to eq(JSON.parse(JSON.generate(pod), symbolize_names: true))
    expect(client.get_pods(namespace: "web", as: :parsed)["items"]).to eq([expected] * 3)
    expect(JSON.parse(client.get_pods(namespace: "web", as: :raw))["items"].size).to eq(3)
  end

  # Containers are filled 32 values at a time, and 2,048 keys have a place to be remembered in. Under stress one of each is slow enough.
  it "is equal to what JSON makes of it, however wide and deep it is" do
    sizes, depth, many = ENV["GC_STRESS"] ? [[33], 3, 1] : [[0, 1, 15, 16, 17, 31, 32, 33, 64, 65], 50, 5000]
    object = ->(size) { Array.new(size) { |i| ["key \"#{i}", i] }.to_h }
    wide = sizes.map { |size| { "array" => Array.new(size, &:to_s), "object" => object.call(size) } }
    nested = wide.reduce([]) { |inner, outer| [*outer["array"], { "in" => inner }.merge(outer["object"]), inner] }
    deep = depth.times.reduce({}) { |inner, i| i.even? ? [inner, i] : { i.to_s => inner } }
    value = { "wide" => wide, "nested" => nested, "deep" => deep, "many" => object.call(many) }
    root = GitlabKube::Native::Document.parse(JSON.generate(value)).root
    expect(root.value(false)).to eq(value)
    expect(root.value(true)).to eq(JSON.parse(JSON.generate(value), symbolize_names: true))
  end

  it "keeps the last of two members of one name, wherever they stand" do
    far = Array.new(40) { |i| %("k#{i}": #{i}) }.join(",")
    root = GitlabKube::Native::Document.parse(%({"a": 1, "b": [{"a": 2, "a": 3}], #{far}, "a": 4})).root
    expect(root.value(false).slice("a", "b", "k39")).to eq("a" => 4, "b" => [{ "a" => 3 }], "k39" => 39)
  end

  it "gives fields by dot, Symbol and String" do
    first = pods.first
    expect([first.metadata.name, first[:metadata][:name], first["metadata"]["name"]]).to eq(%w[a a a])
    expect(first.metadata.labels["app.kubernetes.io/name"]).to eq("web")
    expect(first.spec.containers.map(&:name)).to eq(%w[one two])
    expect(first.spec.containers.first.env.first.value).to eq("ü\u0000\"")
    expect(first.spec.big).to eq(2**70)
    expect([first.spec.float, first.spec.no, first.spec.yes, first.spec.missing]).to eq([1.5, nil, true, nil])
  end

  it "plucks any number of paths" do
    expect(pods.pluck("metadata.name", "status.phase")).to eq([%w[a Running]] * 3)
    expect(pods.pluck("spec.containers[*].name", "metadata.labels['app.kubernetes.io/name']",
                      "nothing.there")).to eq([[%w[one two], "web", nil]] * 3)
    expect { pods.pluck("a[") }.to raise_error(ArgumentError)
  end

  it "knows its place in the collection" do
    expect([pods.size, pods.kind, pods.resource_version, pods.continue, pods.last?]).to eq([3, "Pod", "42", nil, true])
  end

  # In a process of its own: this one's other threads make objects, too.
  it "makes no Ruby object for an item that nobody touched" do
    many = KubeServer.json({ kind: "PodList", items: [pod] * 2000 })
    server = KubeServer.start { many }
    program = <<~'RUBY'
      require "gitlab_kube"
      client = GitlabKube::KubeClient.for_operator(ARGV.first)
      client.get_pods(namespace: "web")
      before = GC.stat(:total_allocated_objects)
      list = client.get_pods(namespace: "web")
      puts "#{GC.stat(:total_allocated_objects) - before} #{list.size}"
    RUBY
    lib = File.expand_path("../../lib", __dir__)
    made, size = IO.popen([RbConfig.ruby, "-I", lib, "-e", program, server.url], &:read).split.map(&:to_i)
    expect(size).to eq(2000)
    expect(made).to be < 100
  ensure
    server&.stop
  end

  it "survives Marshal, and equality does not depend on what was read" do
    untouched = client.get_pods(namespace: "web").first
    pods.first.spec.containers.first.name
    expect(pods.first).to eq(untouched)
    expect(Marshal.load(Marshal.dump(pods.first))).to eq(untouched)
  end

  it "shows a class and a size, never a field" do
    expect(pods.inspect + pods.first.inspect).not_to include("Running")
  end

  it "makes no immortal Symbol of a server's keys" do
    keys = ENV["GC_STRESS"] ? 50 : 1000 # every key is a collection there
    round = 0
    server = KubeServer.start { KubeServer.json({ data: Array.new(keys) { |i| ["gitlab_kube_spec_#{round}_#{i}", i] }.to_h }) }
    client = KubeServer.client(server)
    10.times do |number|
      round = number
      Thread.new { client.get_pod("a", "web").to_h }.join # a thread of its own leaves nothing on this one's stack
    end
    server.stop
    GC.start
    left = Symbol.all_symbols.count { |symbol| symbol.to_s.start_with?("gitlab_kube_spec_") }
    expect(left).to be < keys * 5 # of ten rounds; the GC is conservative, so some of the last may still be there
  end
end
