# frozen_string_literal: true

require_relative "../../lib/gitlab_kube/resource"

RSpec.describe GitlabKube::Resource do
  subject(:pod) do
    described_class.new(
      metadata: { name: "web", labels: { "app.kubernetes.io/name": "web" } },
      "spec" => { "containers" => [{ "name" => "main", "ports" => [[{ "port" => 80 }]] }, { "name" => "side" }] }
    )
  end

  describe ".new" do
    it "has no fields without arguments" do
      expect(described_class.new.to_h).to eq({})
    end

    it "copies what it is given" do
      fields = { metadata: { labels: ["a"] } }
      resource = described_class.new(fields)
      fields[:metadata][:labels] << "b"

      expect(resource.metadata.labels).to eq(["a"])
    end

    it "takes another Resource" do
      expect(described_class.new(pod)).to eq(pod)
    end

    it "refuses what is no Hash, without repeating it" do
      expect { described_class.new("s3cret") }.to raise_error(ArgumentError, "A Resource takes a Hash, not String")
    end
  end

  describe "reading" do
    it "answers by dot, Symbol and String alike, at any depth" do
      expect([pod.metadata.name, pod[:metadata][:name], pod["metadata"]["name"]]).to all(eq("web"))
      expect(pod.metadata.labels["app.kubernetes.io/name"]).to eq("web")
      expect(pod.metadata.labels[:"app.kubernetes.io/name"]).to eq("web")
    end

    it "goes through Arrays, also Arrays in Arrays" do
      expect(pod.spec.containers.map(&:name)).to eq(%w[main side])
      expect(pod.spec.containers.first.ports[0][0].port).to eq(80)
    end

    it "answers nil to any identifier it does not have" do
      expect([pod.status, pod[:status], pod["status"], pod.keys, pod.foo?, pod._x]).to all(be_nil)
    end

    it "reads fields named like Ruby's private functions by dot" do
      resource = described_class.new(test: 1, exec: 2, system: 3, format: 4, select: 5, plain: 6, settle: 7)

      expect([resource.test, resource.exec, resource.system, resource.format, resource.select, resource.plain, resource.settle])
        .to eq([1, 2, 3, 4, 5, 6, 7])
    end

    it "reads fields named like methods of Object by []" do
      resource = described_class.new(class: "nginx", method: "GET", hash: "abc")

      expect([resource[:class], resource["method"], resource[:hash]]).to eq(%w[nginx GET abc])
      expect(resource.class).to be(described_class)
    end

    it "does not let a field pose as a conversion Ruby calls by itself" do
      resource = described_class.new(to_ary: "x", to_str: "y", coerce: "z", exception: "e")

      expect([resource].flatten.size).to eq(1)
      expect(Array(resource)).to eq([resource])
      expect(resource).not_to respond_to(:to_str)
      expect(resource["to_str"]).to eq("y")
    end

    it "raises NoMethodError for a call with arguments and shows no value in it" do
      secret = described_class.new(data: { token: "czNjcmV0" })

      expect { secret.fetch(:data) }.to raise_error(NoMethodError) { |error| expect(error.message).not_to include("czNjcmV0") }
    end
  end

  describe "#dig" do
    it "walks Strings, Symbols and indexes" do
      expect(pod.dig(:spec, "containers", 1, :name)).to eq("side")
    end

    it "stops at the first missing step" do
      expect(pod.dig(:status, :loadBalancer, 0, :ip)).to be_nil
    end

    it "does not quote the value that cannot be walked into" do
      secret = described_class.new(data: { token: "hunter2" })
      expect { secret.dig(:data, :token, :value) }.to raise_error(TypeError, "String does not have #dig method")
    end
  end

  describe "#key? and respond_to?" do
    it "are true for fields only, a null field included" do
      resource = described_class.new(spec: nil)

      expect(resource).to be_key(:spec).and be_key("spec").and respond_to(:spec).and respond_to(:spec=)
      expect(resource).not_to be_key(:status)
      expect(resource).not_to respond_to(:status)
    end
  end

  it "answers to every name that it says it responds to" do
    labels = described_class.new("app.kubernetes.io/name": "web", "my-app": "x", "9": "nine")
    names = %i[app.kubernetes.io/name my-app 9]

    expect(labels).to respond_to(*names, *names.map { |name| :"#{name}=" })
    expect(names.map { |name| labels.public_send(name) }).to eq(%w[web x nine])
    names.each { |name| labels.public_send(:"#{name}=", "new") }
    expect(labels.to_h.values.uniq).to eq(["new"])
  end

  describe "writing" do
    it "turns assigned Hashes into Resources" do
      resource = described_class.new
      resource.metadata = { name: "x" }
      resource["roleRef"] = { "kind" => "Role" }
      resource.subjects = [{ kind: "User" }]

      expect([resource.metadata.name, resource.roleRef.kind, resource.subjects.first.kind]).to eq(%w[x Role User])
    end

    it "assigns false and nil by dot, like any other value" do
      resource = described_class.new(spec: { automountServiceAccountToken: true, replicas: 1 })
      resource.spec.automountServiceAccountToken = false
      resource.spec.replicas = nil

      expect(resource.to_h).to eq(spec: { automountServiceAccountToken: false, replicas: nil })
    end

    it "changes what [] returned" do
      pod[:metadata][:namespace] = "production"

      expect(pod.to_h.dig(:metadata, :namespace)).to eq("production")
    end

    it "keeps the types of values" do
      resource = described_class.new(env: [{ name: :HELM }], data: "text", at: Time.at(0), n: 1.5)

      expect(resource.env.map(&:name)).to eq([:HELM])
      expect(resource.to_h).to eq(env: [{ name: :HELM }], data: "text", at: Time.at(0), n: 1.5)
    end

    it "shows a change inside an Array in to_h and to_json" do
      pod.spec.containers.each { |container| container.image = "busybox" }
      pod.spec.containers << { name: "third", image: "busybox" }

      expect(pod.spec.containers.last.name).to eq("third")
      expect(pod.to_h[:spec][:containers].map { |container| container[:image] }).to eq(%w[busybox] * 3)
      expect(JSON.parse(pod.to_json)["spec"]["containers"].size).to eq(3)
    end

    it "shows a Hash pushed into an Array in to_json before anybody read it again" do
      pod.spec.containers << { name: :third }

      expect(JSON.parse(pod.to_json).dig("spec", "containers", 2)).to eq("name" => "third")
    end

    it "keeps an assigned frozen Resource itself" do
      tls = described_class.new(mode: "PASSTHROUGH").freeze
      pod.spec.containers.first.tls = tls

      expect(pod.spec.containers.first.tls).to be(tls)
      expect(pod.to_h.dig(:spec, :containers, 0, :tls)).to eq(mode: "PASSTHROUGH")
    end

    it "takes fields away" do
      expect(pod.metadata.delete_field(:name)).to eq("web")
      expect(pod.metadata.name).to be_nil
      expect(pod.metadata.delete_field("name")).to be_nil
    end

    it "is refused by a frozen Resource, which still reads" do
      pod.freeze

      expect { pod.metadata = {} }.to raise_error(FrozenError)
      expect { pod.delete_field(:metadata) }.to raise_error(FrozenError)
      expect(pod.spec.containers.first.name).to eq("main")
    end
  end

  describe "identity" do
    it "is equal by content, whatever the keys were and whatever was read" do
      other = described_class.new(
        "metadata" => { "name" => "web", "labels" => { "app.kubernetes.io/name" => "web" } },
        spec: { containers: [{ name: "main", ports: [[{ port: 80 }]] }, { name: "side" }] }
      )
      other.spec.containers[0].ports[0][0].port

      expect(other).to eq(pod)
      expect(other).to eql(pod)
      expect({ pod => 1 }[other]).to eq(1)
    end

    it "differs with the content, and from a Hash" do
      expect(pod).not_to eq(described_class.new(metadata: { name: "web" }))
      expect(described_class.new(a: 1)).not_to eq({ a: 1 })
    end

    it "has eql? as strict as hash" do
      one = described_class.new(a: 1)
      float = described_class.new(a: 1.0)

      expect(one == float).to be(true)
      expect(one.eql?(float)).to be(false)
    end

    it "copies deeply with dup" do
      copy = pod.dup
      copy.metadata.name = "other"
      copy.spec.containers << { name: "third" }

      expect(pod.metadata.name).to eq("web")
      expect(pod.spec.containers.size).to eq(2)
    end

    it "keeps a frozen clone frozen and a dup of it writable" do
      pod.freeze
      copy = pod.dup
      copy.metadata.name = "other"

      expect { pod.clone.metadata = {} }.to raise_error(FrozenError)
      expect(pod.metadata.name).to eq("web")
    end

    it "can be shared with another Ractor", unchecked: true do
      ractor_warnings = Warning[:experimental]
      Warning[:experimental] = false
      shared = Ractor.make_shareable(pod)

      expect(Ractor.new(shared) { |resource| resource.spec.containers.last.name }.take).to eq("side")
    ensure
      Warning[:experimental] = ractor_warnings
    end
  end

  describe "#inspect" do
    it "shows how many fields there are and none of them" do
      secret = described_class.new(data: { token: "czNjcmV0" }, type: "Opaque")

      expect(secret.inspect).to eq("#<GitlabKube::Resource 2 fields>")
      expect(secret.data.inspect).to eq("#<GitlabKube::Resource 1 field>")
      expect("#{secret} #{[secret]}").not_to include("czNjcmV0")
    end
  end

  it "matches patterns" do
    case pod
    in { metadata: { name: String => name }, spec: { containers: [{ name: first }, *] } }
      expect([name, first]).to eq(%w[web main])
    end
  end

  it "walks its fields with each_pair" do
    expect(pod.metadata.labels.each_pair.to_a).to eq([[:"app.kubernetes.io/name", "web"]])
  end
end
