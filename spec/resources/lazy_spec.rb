# frozen_string_literal: true

require "gitlab_kube"
require "timeout"
require "yaml"
require_relative "../support/kube_server"

# Resources and lists over native nodes: whatever was touched, frozen or changed, they are what JSON says.
RSpec.describe "A Resource of a response" do
  pod = {
    "metadata" => { "name" => "web", "labels" => { "app.io/name" => "x" } },
    "spec" => { "containers" => [{ "name" => "a", "ports" => [[1, { "n" => 2 }]] }, { "name" => "b" }], "nothing" => nil },
    "to_ary" => "hostile", "data" => "</script>"
  }
  document = { "kind" => "PodList", "metadata" => { "resourceVersion" => "7", "continue" => "next" }, "items" => [pod, pod, pod] }

  before(:all) do
    @server = KubeServer.start { |request| KubeServer.json(request.path.end_with?("pods") ? document : pod) }
    @client = KubeServer.client(@server)
  end

  after(:all) { @server.stop }

  let(:lazy) { @client.get_pod("web", "ns") }
  let(:list) { @client.get_pods(namespace: "ns") }
  let(:eager) { GitlabKube::Resource.new(pod) }

  ways_to_touch = {
    "untouched" => ->(_pod) {}, "read at the top" => ->(touched) { touched.data },
    "read deep in Arrays" => ->(touched) { touched.spec.containers[0].ports[0][1].n },
    "probed for what is not there" => ->(touched) { touched.status },
    "asked for its JSON" => ->(touched) { touched.to_json }, "compared" => ->(touched) { touched == GitlabKube::Resource.new }
  }

  ways_to_touch.each do |how, touch|
    it "is what JSON says when #{how}" do
      touch.call(lazy)

      expect([lazy == eager, eager == lazy, lazy.eql?(eager), lazy.hash == eager.hash]).to all(be(true))
      expect([lazy.as_json, JSON.parse(lazy.to_json), Marshal.load(Marshal.dump(lazy)).as_json, lazy.dup.as_json]).to all(eq(pod))
      expect(lazy.to_h).to eq(JSON.parse(JSON.generate(pod), symbolize_names: true))
      expect(lazy.as_json.keys).to eq(pod.keys)
    end

    it "takes changes when #{how}, and its copy does not" do
      touch.call(lazy)
      copy = lazy.dup
      lazy.metadata.name = "other"
      lazy.spec.containers << { name: :c }
      lazy.delete_field(:data)
      lazy.extra = { a: 1 }

      expect(lazy.as_json).to eq(
        pod.except("data").merge(
          "metadata" => pod["metadata"].merge("name" => "other"), "extra" => { "a" => 1 },
          "spec" => pod["spec"].merge("containers" => pod["spec"]["containers"] + [{ "name" => "c" }])
        )
      )
      expect(copy.as_json).to eq(pod)
    end
  end

  it "remembers what it decoded" do
    expect(lazy.metadata).to be(lazy[:metadata])
    expect(lazy.spec.containers).to be(lazy.spec["containers"])
  end

  it "knows a null field from none" do
    expect([lazy.spec.key?("nothing"), lazy.spec.nothing, lazy.spec.key?(:missing)]).to eq([true, nil, false])
  end

  it "reads when frozen, as a frozen Hash does: its own fields stay as they are" do
    lazy.freeze
    lazy.metadata.name = "other"

    expect([lazy.spec.containers.last.name, lazy.metadata.name]).to eq(%w[b other])
    expect { lazy.data = "x" }.to raise_error(FrozenError)
    expect { lazy.delete_field(:data) }.to raise_error(FrozenError)
  end

  it "can be shared with another Ractor", unchecked: true do
    warned = Warning[:experimental]
    Warning[:experimental] = false
    shared = Ractor.make_shareable(lazy)

    expect(Ractor.new(shared) { |resource| [resource.spec.containers.last.name, resource.to_h.size] }.take).to eq(["b", 4])
  ensure
    Warning[:experimental] = warned
  end

  describe "in a list" do
    it "is one Resource, however it is reached" do
      first = list[0]

      expect([list.first, list.at(0), list[-3], list.to_a.first, list.each.next]).to all(be(first))
    end

    it "is changed in the list" do
      list[1].metadata.name = "other"

      expect(list.pluck("metadata.name")).to eq(%w[web other web])
      expect(JSON.parse(list.to_json).map { |item| item["metadata"]["name"] }).to eq(%w[web other web])
      expect(list.as_json).to eq([pod, pod.merge("metadata" => pod["metadata"].merge("name" => "other")), pod])
    end

    it "is a plain sequence in YAML, whichever items were read" do
      expect(YAML.safe_load(YAML.dump(list))).to eq([pod, pod, pod])
      list[1].metadata.name
      expect(YAML.safe_load(YAML.dump(list))).to eq([pod, pod, pod])
    end

    it "plucks the same from bytes as from objects" do
      touched = @client.get_pods(namespace: "ns").tap(&:first)
      paths = ["metadata.name", "metadata.labels['app.io/name']", "spec.containers[*].name", "spec.containers[0].ports", "spec.nothing",
               "spec", "spec.containers[7].name", "metadata[*]", "data.x", "spec.containers[*].ports[0][1].n", %(metadata["name"])]

      expect(list.pluck(*paths)).to eq(touched.pluck(*paths))
      paths.each { |path| expect(list.pluck(path)).to eq(touched.pluck(path)) }
    end

    ["", ".", "a.", "a..b", "a[", "a[-1]", "a['b", "a]", "a b", "a.[0]", "a[0]b", ["a"] * 33 * "."].each do |path|
      it "refuses to pluck #{path[0, 9].inspect} from bytes and from objects" do
        expect { list.pluck(path) }.to raise_error(GitlabKube::InvalidArgumentError)
        expect { list.tap(&:first).pluck(path) }.to raise_error(GitlabKube::InvalidArgumentError)
      end
    end

    it "writes JSON of untouched items from their own bytes" do
      expect(JSON.parse(list.to_json)).to eq([pod] * 3)
      expect(list.instance_variable_get(:@items)).to all(be_nil)
    end

    it "survives Marshal, and can be shared with another Ractor", unchecked: true do
      warned = Warning[:experimental]
      Warning[:experimental] = false
      copy = Marshal.load(Marshal.dump(list))

      expect([copy == list, copy.kind, copy.resource_version, copy.continue]).to eq([true, "Pod", "7", "next"])
      expect(Ractor.new(Ractor.make_shareable(list)) { |shared| shared.map { |item| item.metadata.name } }.take).to eq(%w[web] * 3)
    ensure
      Warning[:experimental] = warned
    end

    it "refuses changes to a frozen list" do
      list.freeze

      expect([list.first.data, list.to_a.size, list.map(&:data).size]).to eq(["</script>", 3, 3])
      expect { list << 1 }.to raise_error(FrozenError)
    end
  end

  # Each field looked for through all of them would be minutes for each of these.
  describe "of very many fields" do
    many = JSON.generate((1..60_000).to_h { |i| ["label-#{i}", i.even? ? i : nil] })

    {
      "each_pair" => ->(labels) { labels.each_pair.to_a.size }, "to_h" => ->(labels) { labels.to_h.size },
      "a pattern" => ->(labels) { labels.deconstruct_keys(nil).size }, "freeze" => ->(labels) { labels.freeze.to_h.size },
      "a change" => ->(labels) { (labels["label-1"] = 1) && labels.to_h.size }
    }.each do |what, go|
      it "goes through them once for #{what}" do
        labels = GitlabKube::Resource.from_source(GitlabKube::Native::Document.parse(many).root)
        labels["label-2"]
        expect(Timeout.timeout(20) { go.call(labels) }).to eq(60_000)
      end
    end
  end
end
