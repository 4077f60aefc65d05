# frozen_string_literal: true

require_relative "../../../lib/gitlab_kube/resource_list"
require "kubeclient"

# What GitLab's code does with kubeclient's Resource, run against kubeclient's and against ours.
RSpec.describe "A Resource as GitLab's code uses it" do
  shared_examples "kubeclient's Resource" do
    it "takes a Hash, or nothing and then assignments" do
      resource = described_class.new
      resource.metadata = { name: "gitlab", namespace: "default" }
      resource.roleRef = { kind: "Role" }
      resource.subjects = [{ kind: "ServiceAccount" }]
      resource.data = { token: "x" }

      expect([resource.metadata.name, resource.roleRef.kind, resource.subjects.first.kind, resource.data.token])
        .to eq(%w[gitlab Role ServiceAccount x])
    end

    it "reads dot, Symbol and String interchangeably" do
      resource = described_class.new(
        metadata: { labels: { "gitlab.org/action": "install" } },
        spec: { volumes: [{ configMap: { items: [{ key: "values.yaml" }] } }] }
      )

      expect(resource.metadata.labels["gitlab.org/action"]).to eq("install")
      expect(resource.spec.volumes.first.configMap["items"].first["key"]).to eq("values.yaml")
      expect(resource[:spec][:volumes][0][:configMap][:items][0][:key]).to eq("values.yaml")
    end

    it "changes through [] assignments" do
      resource = described_class.new(metadata: { name: "a" })
      resource[:metadata][:namespace] = "b"

      expect(resource.to_h).to eq(metadata: { name: "a", namespace: "b" })
    end

    it "recurses into Arrays and keeps value types" do
      resource = described_class.new(spec: { containers: [{ name: "helm", env: [{ name: :HELM_VERSION, value: 1 }] }] })

      expect(resource.spec.containers.map(&:name)).to eq(["helm"])
      expect(resource.spec.containers.first.env.map(&:name)).to eq([:HELM_VERSION])
    end

    it "keeps a frozen Resource assigned inside an Array's element" do
      tls = described_class.new(mode: "MUTUAL").freeze
      gateway = described_class.new(spec: { servers: [{ port: 443 }] })
      gateway.spec.servers.each { |server| server.tls = tls }

      expect(gateway.spec.servers.first.tls).to be(tls)
      expect(gateway.spec.servers.first.to_h.keys).to eq(%i[port tls])
    end

    it "is equal by content" do
      expect(described_class.new(metadata: { name: "a" })).to eq(described_class.new(metadata: { name: "a" }))
      expect(described_class.new(metadata: { name: "a" })).not_to eq(described_class.new(metadata: { name: "b" }))
    end

    it "has Symbol keys in to_h and to_hash" do
      resource = described_class.new("metadata" => { "labels" => { "a.b/c" => "1" } })

      expect(resource[:metadata][:labels].to_h).to eq("a.b/c": "1")
      expect(resource.to_hash).to eq(metadata: { labels: { "a.b/c": "1" } })
    end

    it "answers nil where nothing is" do
      service = described_class.new(status: { loadBalancer: {} })

      expect(service.status.loadBalancer.ingress&.first&.ip).to be_nil
      expect(service.spec).to be_nil
    end

    it "makes nested objects of its own class" do
      expect(described_class.new(metadata: { name: "a" }).metadata).to be_a(described_class)
    end

    it "passes odd values through" do
      expect(described_class.new(data: "text").data).to eq("text")
    end

    it "digs" do
      expect(described_class.new(a: [{ b: { "c" => 1 } }]).dig(:a, 0, :b, :c)).to eq(1)
    end

    it "yields Symbols from each_pair" do
      expect(described_class.new("a" => 1, b: 2).each_pair.to_a).to eq([[:a, 1], [:b, 2]])
    end

    it "deletes fields" do
      resource = described_class.new(a: { b: 1, c: 2 })
      resource.a.delete_field(:b)

      expect(resource.to_h).to eq(a: { c: 2 })
    end

    it "copies deeply with dup" do
      resource = described_class.new(a: { b: [1] })
      resource.dup.a.b << 2

      expect(resource.to_h).to eq(a: { b: [1] })
    end

    it "sees what is pushed into its Arrays" do
      resource = described_class.new(a: [])
      resource.a << { b: 1 }

      expect(resource.a.first.b).to eq(1)
      expect(resource.to_h).to eq(a: [{ b: 1 }])
    end

    it "responds to its fields only" do
      resource = described_class.new(a: 1)

      expect(resource).to respond_to(:a)
      expect(resource).not_to respond_to(:b)
    end
  end

  describe Kubeclient::Resource do
    it_behaves_like "kubeclient's Resource"
  end

  describe GitlabKube::Resource do
    it_behaves_like "kubeclient's Resource"
  end

  shared_examples "kubeclient's list" do
    it "is read as an Array is, but is none" do
      expect(list.map(&:a)).to eq([3, 1, 2])
      expect([list.first.a, list.last.a, list[1].a, list.size, list.length, list.count]).to eq([3, 2, 1, 3, 3, 3])
      expect([list.find { |item| item.a == 2 }.a, list.min_by(&:a).a, list.values_at(0, 2).map(&:a)]).to eq([2, 1, [3, 2]])
      expect(list.to_a).to be_an(Array)
      expect([list.reverse.first.a, list.index { |item| item.a == 1 }, list.take(1).size, list[0, 2].size]).to eq([2, 1, 1, 2])
      expect(list).not_to be_an(Array)
      expect(Array === list).to be(false) # rubocop:disable Style/CaseEquality
      expect([list].flatten.size).to eq(3)
    end

    it "equals an Array of the same items, both ways round" do
      expect(list == list.to_a).to be(true)
      expect(list.to_a == list).to be(true)
    end

    it "changes as an Array does" do
      list.select! { |item| item.a > 1 }
      list << described_class

      expect(list.size).to eq(3)
    end

    it "knows its kind, version and page" do
      expect([list.kind, list.resourceVersion, list.continue, list.last?]).to eq(["Pod", "7", "next", false])
    end
  end

  describe Kubeclient::Common::EntityList do
    let(:list) { described_class.new("Pod", "7", [3, 1, 2].map { |a| Kubeclient::Resource.new(a: a) }, "next") }

    it_behaves_like "kubeclient's list"
  end

  describe GitlabKube::ResourceList do
    let(:list) do
      described_class.new([3, 1, 2].map { |a| GitlabKube::Resource.new(a: a) }, kind: "Pod", resource_version: "7", continue: "next")
    end

    it_behaves_like "kubeclient's list"
  end
end
