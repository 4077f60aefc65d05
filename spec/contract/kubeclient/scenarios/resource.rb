# frozen_string_literal: true

# Kubeclient::Resource: an object one can walk by dots, symbols and strings.
module Parity
  # @return [Hash] what most of these start from
  def self.pod_fields
    { metadata: { name: "web", labels: { "a.b/c" => "d" } }, spec: { containers: [{ name: "a", env: [{ name: :SYM }] }], test: 1 } }
  end

  # A scenario of one Resource and no server.
  def self.resource(claim, fields: pod_fields, **options)
    scenario("a Resource #{claim}", {}, over: :socket, **options) { |_world| yield Kubeclient::Resource.new(fields) }
  end

  resource("walks by dots") { |r| [r.metadata.name, r.spec.containers.first.name, r.spec.test] }
  resource("walks by symbols") { |r| [r[:metadata][:name], r[:spec][:containers][0][:name]] }
  resource("walks by strings") { |r| [r["metadata"]["name"], r["metadata"]["labels"]["a.b/c"]] }
  resource("walks mixed") { |r| [r.metadata[:labels]["a.b/c"], r["spec"].containers.map(&:name)] }
  resource("keeps the types of values") { |r| r.spec.containers.first.env.map(&:name) }
  resource("is nil where something is missing") { |r| [r.nothing, r.metadata.nothing, r[:nothing], r["nothing"], r.metadata.labels.none] }
  resource("digs") { |r| [r.dig(:metadata, :name), r.dig("metadata", "name"), r.dig(:a, :b)] }
  resource("makes a Hash with Symbol keys") { |r| [r.to_h, r.to_hash == r.to_h, r.spec.to_h] }
  resource("is one of its kind all the way down") { |r| [r.metadata, r.spec.containers.first].map { |one| one.is_a?(r.class) } }
  resource("keeps arrays arrays") { |r| r.spec.containers.is_a?(Array) }
  resource("responds to what it has") { |r| [r.respond_to?(:metadata), r.metadata.respond_to?(:name), r.respond_to?(:nothing)] }
  resource("gives its pairs") { |r| r.each_pair.map(&:first) }
  resource("gives its pairs with plain values", differs: "pairs") { |r| r.each_pair.map { |_, value| value.is_a?(Hash) } }
  resource("gives a field as a Hash", &:metadata_as_a_hash)
  resource("gives every field as plain Ruby") { |r| [r.spec.containers_as_a_hash, r.metadata.name_as_a_hash, r.none_as_a_hash] }
  resource("takes odd values", fields: { data: "text", n: nil, f: 1.5, t: true }, &:to_h)
  resource("starts empty", fields: nil) { |r| [r.to_h, r.metadata] }

  resource("answers to a name that is none of Ruby's") do |r|
    key = :"a.b/c"
    [r.metadata.labels.respond_to?(key), r.metadata.labels.public_send(key), r.metadata.labels.public_send(:"#{key}=", "x"), r.to_h]
  end

  resource "assigns by dots" do |r|
    r.metadata.name = "x"
    r.kind = "Pod"
    r.to_h
  end

  resource "assigns false and nil by dots" do |r|
    r.spec.test = false
    r.metadata.name = nil
    r.to_h
  end

  resource "assigns by symbols and strings" do |r|
    r[:metadata][:name] = "x"
    r["kind"] = "Pod"
    r[:metadata]["uid"] = 1
    r.to_h
  end

  resource "can be filled from nothing", fields: nil do |r|
    r.metadata = { name: "n" }
    [r.metadata.name, r.to_h]
  end

  resource "makes what is assigned walkable" do |r|
    r.roleRef = { a: { b: 1 } }
    [r.roleRef.a.b, r.to_h[:roleRef]]
  end

  resource "makes arrays that are assigned walkable" do |r|
    r.subjects = [{ a: { b: 1 } }]
    [r.subjects.first.a.b, r[:subjects][0][:a]]
  end

  resource "sees an array grow" do |r|
    r.spec.containers << { name: "z" }
    r.to_h[:spec][:containers]
  end

  resource "sees an element change" do |r|
    r.spec.containers.each { |container| container.image = "i" }
    r.to_h[:spec][:containers]
  end

  resource "deletes a field" do |r|
    r.delete_field(:spec)
    r.to_h
  end

  resource "copies deep" do |r|
    copy = r.dup
    copy.metadata.name = "x"
    [r.metadata.name, copy.metadata.name]
  end

  resource "takes String keys", fields: { "metadata" => { "name" => "n" } } do |r|
    [r.metadata.name, r[:metadata][:name], r.to_h]
  end

  resource "is equal by content" do |r|
    [pod_fields, { metadata: { name: "x" } }].map { |fields| r == Kubeclient::Resource.new(fields) }
  end

  resource "is equal when both were read" do |r|
    other = Kubeclient::Resource.new(pod_fields)
    [r, other].each { |one| one.metadata.name }
    r == other
  end

  resource "is equal though one was read", differs: "equal-by-content" do |r|
    r.spec.containers[0]
    r == Kubeclient::Resource.new(pod_fields)
  end

  resource "has the hash of its equal though one was read" do |r|
    r.spec.containers[0]
    r.hash == Kubeclient::Resource.new(pod_fields).hash
  end

  resource "takes a frozen Resource for a value", differs: "frozen-values", raises: "RuntimeError" do |r|
    r.spec.tls = Kubeclient::Resource.new(mode: "X").freeze
    [r.spec.tls.mode, r.to_h[:spec][:tls]]
  end

  resource "can be marshalled", differs: "marshal", raises: "NoMethodError" do |r|
    Marshal.load(Marshal.dump(r)).metadata.name
  end

  resource "is JSON", differs: "json-of-a-resource" do |r|
    JSON.generate(r).start_with?('{"metadata":{')
  end

  resource "has Ruby's methods before its fields", fields: { method: "GET" }, raises: "ArgumentError", &:method

  scenario "an EntityList can be made", {}, over: :socket do |_world|
    list = Kubeclient::Common::EntityList.new("Pod", "7", [1, 2], "more")
    array = Array === list # rubocop:disable Style/CaseEquality -- what `case list when Array` asks
    [list.kind, list.resourceVersion, list.to_a, list.continue, list.last?, list.is_a?(Array), array, list.map(&:succ), list == [1, 2],
     list.to_json]
  end
end
