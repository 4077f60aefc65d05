# frozen_string_literal: true

require_relative "../../lib/gitlab_kube/resource_list"

RSpec.describe GitlabKube::ResourceList do
  subject(:list) do
    described_class.new(
      [
        { metadata: { name: "web", labels: { "app.io/name" => "x" } }, spec: { containers: [{ image: "nginx" }] } },
        { metadata: { name: "db" } }
      ],
      kind: "PodList", resource_version: "42"
    )
  end

  it "makes Resources of Hashes" do
    expect(list).to all(be_a(GitlabKube::Resource))
  end

  it "is empty when the server wrote null" do
    expect(described_class.new(nil).to_a).to eq([])
    expect(described_class.new(nil)).to be_empty
  end

  it "drops List from its kind" do
    expect([list.kind, described_class.new([], kind: "List").kind, described_class.new([]).kind]).to eq(["Pod", "List", nil])
  end

  it "takes an empty continue for the last page, so that a paging loop ends" do
    expect(described_class.new([], continue: "")).to be_last
    expect(described_class.new([], continue: "next")).not_to be_last
  end

  it "counts with and without a condition" do
    expect([list.count, list.count { |pod| pod.metadata.name == "db" }]).to eq([2, 1])
  end

  it "has a sized enumerator" do
    expect(list.each.size).to eq(2)
    expect(list.each_slice(1).to_a.size).to eq(2)
  end

  it "reads from both ends and answers nil beyond them" do
    expect([list[-1].metadata.name, list.at(0).metadata.name, list[2], list[-3], list.last(1).size]).to eq(["db", "web", nil, nil, 1])
  end

  it "raises NoMethodError for what an Array has not" do
    expect { list.nonsense }.to raise_error(NoMethodError)
    expect(list).not_to respond_to(:nonsense)
    expect(list).to respond_to(:rotate)
  end

  describe "#pluck" do
    it "answers values for one path and rows for several" do
      expect(list.pluck("metadata.name")).to eq(%w[web db])
      expect(list.pluck("metadata.name", :"spec.containers[0].image")).to eq([%w[web nginx], ["db", nil]])
    end

    it "answers plain values" do
      expect(list.pluck("spec.containers")).to eq([[{ "image" => "nginx" }], nil])
      expect(list.pluck("metadata.labels")).to eq([{ "app.io/name" => "x" }, nil])
    end

    it "needs a path" do
      expect { list.pluck }.to raise_error(ArgumentError, "pluck needs at least one path")
    end
  end

  it "is an Array of items in as_json and to_json" do
    expect(list.as_json.map { |pod| pod.fetch("metadata").fetch("name") }).to eq(%w[web db])
    expect(JSON.parse(list.to_json)).to eq(list.as_json)
    expect(list.as_json(only: :spec).last).to eq({})
  end

  it "survives Marshal with its readers" do
    copy = Marshal.load(Marshal.dump(list))

    expect(copy).to eq(list)
    expect([copy.kind, copy.resource_version, copy.last?]).to eq(["Pod", "42", true])
  end

  it "is equal, eql and hashed by its items" do
    expect(list).to eql(Marshal.load(Marshal.dump(list)))
    expect({ list => 1 }[list.dup]).to eq(1)
    expect(list).not_to eq(described_class.new([]))
  end

  it "has a copy of its own after dup" do
    list.dup.clear

    expect(list.size).to eq(2)
  end

  it "is refused changes once frozen" do
    expect { list.freeze << 1 }.to raise_error(FrozenError)
  end

  it "shows no item in inspect" do
    expect("#{list.inspect} #{list}").to eq("#<GitlabKube::ResourceList size=2> #<GitlabKube::ResourceList size=2>")
  end
end
