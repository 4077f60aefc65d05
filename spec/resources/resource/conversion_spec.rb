# frozen_string_literal: true

require "open3"
require "rbconfig"
require "yaml"
require_relative "../../../lib/gitlab_kube/resource"

RSpec.describe GitlabKube::Resource::Conversion do
  subject(:resource) { GitlabKube::Resource.new("metadata" => { "name" => "web" }, type: :Opaque, list: [{ "a" => 1 }, [nil, true, 2.5]]) }

  let(:json) { { "metadata" => { "name" => "web" }, "type" => "Opaque", "list" => [{ "a" => 1 }, [nil, true, 2.5]] } }

  it "has Symbol keys and plain values in to_h and to_hash" do
    expected = { metadata: { name: "web" }, type: :Opaque, list: [{ a: 1 }, [nil, true, 2.5]] }

    expect(resource.to_h).to eq(expected)
    expect(resource.to_hash).to eq(expected)
    expect(->(**keywords) { keywords.keys }.call(**resource)).to eq(%i[metadata type list])
  end

  it "has String keys and JSON's own types in as_json" do
    expect(resource.as_json).to eq(json)
  end

  it "chooses fields with only: and except:" do
    expect(resource.as_json(only: :type)).to eq("type" => "Opaque")
    expect(resource.as_json(except: %w[list type])).to eq("metadata" => { "name" => "web" })
    expect(JSON.parse(resource.to_json(only: [:type]))).to eq("type" => "Opaque")
  end

  it "generates JSON by itself, inside other values and pretty" do
    expect(JSON.parse(resource.to_json)).to eq(json)
    expect(JSON.parse(JSON.generate([resource]))).to eq([json])
    expect(JSON.pretty_generate({ "r" => resource })).to eq(JSON.pretty_generate({ "r" => json }))
  end

  it "writes a Time as RFC 3339" do
    expect(GitlabKube::Resource.new(at: Time.utc(2016, 11, 25, 19, 55, 19)).as_json).to eq("at" => "2016-11-25T19:55:19.000Z")
  end

  it "survives Marshal with its types, read before or not" do
    resource.list[0].a
    copy = Marshal.load(Marshal.dump(resource))

    expect(copy).to eq(resource)
    expect(copy.list[0].a).to eq(1)
    expect(copy.type).to be(:Opaque)
  end

  it "is a plain mapping in YAML" do
    expect(YAML.safe_load(YAML.dump(resource))).to eq(json)
  end

  # ActiveSupport changes Object, so it is loaded in a process of its own.
  def with_active_support(program)
    prelude = %(require "active_support/all"; require "gitlab_kube/resource_list"; require "json"; R = GitlabKube::Resource)
    out, status = Open3.capture2(RbConfig.ruby, "-I", File.expand_path("../../../lib", __dir__), "-e", "#{prelude}; print((#{program}))")
    expect(status).to be_success
    out
  end

  it "answers as_json the same with ActiveSupport" do
    expect(with_active_support(%(R.new(a: :b, at: Time.utc(2016), list: [{ x: 1 }]).as_json.inspect)))
      .to eq({ "a" => "b", "at" => "2016-01-01T00:00:00.000Z", "list" => [{ "x" => 1 }] }.inspect)
  end

  it "answers as_json and to_json for lists and Hashes of Resources with ActiveSupport" do
    expect(with_active_support(%({ "l" => GitlabKube::ResourceList.new([R.new(a: :b)]) }.to_json))).to eq('{"l":[{"a":"b"}]}')
    expect(with_active_support(%([R.new(a: 1)].as_json.inspect))).to eq([{ "a" => 1 }].inspect)
  end

  it "escapes what HTML would read, as ActiveSupport does" do
    expect(with_active_support(%(R.new(a: "</script>&").to_json))).to eq('{"a":"\u003c/script\u003e\u0026"}')
  end

  it "copies deeply with deep_dup" do
    expect(with_active_support(%(r = R.new(a: { b: 1 }); r.deep_dup.a.b = 2; r.a.b))).to eq("1")
  end
end
