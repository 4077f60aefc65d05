# frozen_string_literal: true

# Kubeclient::Resource: an object one can walk by dots, symbols and strings.
module Parity
  Thing = lambda do |hash = { metadata: { name: "web", labels: { "a.b/c" => "d" } },
                              spec: { containers: [{ name: "a", env: [{ name: :SYM }] }], test: 1 } }|
    Kubeclient::Resource.new(hash)
  end

  {
    "walks by dots" => ->(r) { [r.metadata.name, r.spec.containers.first.name, r.spec.test] },
    "walks by symbols" => ->(r) { [r[:metadata][:name], r[:spec][:containers][0][:name]] },
    "walks by strings" => ->(r) { [r["metadata"]["name"], r["metadata"]["labels"]["a.b/c"]] },
    "walks mixed" => ->(r) { [r.metadata[:labels]["a.b/c"], r["spec"].containers.map(&:name)] },
    "keeps the types of values" => ->(r) { r.spec.containers.first.env.map(&:name) },
    "what is missing is nil" => ->(r) { [r.nothing, r.metadata.nothing, r[:nothing], r["nothing"], r.metadata.labels.nothing] },
    "digs" => ->(r) { [r.dig(:metadata, :name), r.dig("metadata", "name"), r.dig(:a, :b)] },
    "makes a Hash with Symbol keys" => ->(r) { [r.to_h, r.to_hash == r.to_h, r.spec.to_h] },
    "is one of its kind all the way down" => lambda { |r|
                                               [r.metadata.instance_of?(r.class), r.spec.containers.first.instance_of?(r.class),
                                                r.spec.containers.instance_of?(Array)]
                                             },
    "responds to what it has" => ->(r) { [r.respond_to?(:metadata), r.metadata.respond_to?(:name), r.respond_to?(:nothing)] },
    "assigns by dots" => lambda { |r|
                           r.metadata.name = "x"
                           r.kind = "Pod"
                           r.to_h
                         },
    "assigns by symbols and strings" => lambda { |r|
                                          r[:metadata][:name] = "x"
                                          r["kind"] = "Pod"
                                          r[:metadata]["uid"] = 1
                                          r.to_h
                                        },
    "makes what is assigned walkable" => lambda { |r|
                                           r.roleRef = { a: { b: 1 } }
                                           [r.roleRef.a.b, r.to_h[:roleRef]]
                                         },
    "makes arrays assigned walkable" => lambda { |r|
                                          r.subjects = [{ a: { b: 1 } }]
                                          [r.subjects.first.a.b, r[:subjects][0][:a]]
                                        },
    "sees an array grow" => lambda { |r|
                              r.spec.containers << { name: "z" }
                              r.to_h[:spec][:containers]
                            },
    "sees an element change" => lambda { |r|
                                  r.spec.containers.each { |c| c.image = "i" }
                                  r.to_h[:spec][:containers]
                                },
    "deletes a field" => lambda { |r|
                           r.delete_field(:spec)
                           r.to_h
                         },
    "gives its pairs" => ->(r) { r.each_pair.map(&:first) },
    "copies deep" => lambda { |r|
                       copy = r.dup
                       copy.metadata.name = "x"
                       [r.metadata.name, copy.metadata.name]
                     },
    "is equal by content" => ->(r) { [r == Thing.call, r == Kubeclient::Resource.new(metadata: { name: "x" }), r.nil?] },
    "is equal when both were read" => lambda { |r|
                                        o = Thing.call
                                        r.metadata.name
                                        o.metadata.name
                                        r == o
                                      },
    "starts empty" => lambda { |_|
                        e = Kubeclient::Resource.new
                        e.metadata = { name: "n" }
                        [e.metadata.name, e.to_h]
                      },
    "takes String keys" => lambda { |_|
                             s = Kubeclient::Resource.new("metadata" => { "name" => "n" })
                             [s.metadata.name, s[:metadata][:name], s.to_h]
                           },
    "takes odd values" => ->(_) { Kubeclient::Resource.new(data: "text", n: nil, f: 1.5, t: true).to_h },
    "gives the fields of a Hash as a Hash" => ->(r) { r.metadata_as_a_hash }
  }.each do |name, act|
    scenario("a Resource #{name}", {}, over: :socket) { |_world| act.call(Thing.call) }
  end

  {
    "takes a frozen Resource for a value" =>
      ["frozen-values", lambda { |r|
                          r.spec.tls = Kubeclient::Resource.new(mode: "X").freeze
                          [r.spec.tls.mode, r.to_h[:spec][:tls]]
                        }, "RuntimeError"],
    "is equal though one was read" => ["equal-by-content", lambda { |r|
                                                             o = Thing.call(spec: { list: [{ a: 1 }] })
                                                             p = Thing.call(spec: { list: [{ a: 1 }] })
                                                             o.spec.list[0]
                                                             r && o == p
                                                           }],
    "has an equal hash" => ["equal-by-content", ->(r) { r.hash == Thing.call.hash }],
    "can be marshalled" => ["marshal", ->(r) { Marshal.load(Marshal.dump(r)).metadata.name }, "NoMethodError"],
    "is JSON" => ["json-of-a-resource", ->(r) { JSON.generate(r).start_with?('{"metadata":{') }],
    "has a field called method" => ["object-methods", ->(_) { Kubeclient::Resource.new(method: "GET").method }, "ArgumentError"]
  }.each do |name, (id, act, raises)|
    scenario("a Resource #{name}", {}, over: :socket, differs: id, raises: raises) { |_world| act.call(Thing.call) }
  end

  scenario "an EntityList can be made", {}, over: :socket do |_world|
    list = Kubeclient::Common::EntityList.new("Pod", "7", [1, 2], "more")
    [list.kind, list.resourceVersion, list.to_a, list.continue, list.last?, list.is_a?(Array), list.is_a?(Array), list.map do |n|
                                                                                                                    n + 1
                                                                                                                  end, list == [1, 2], list.to_json]
  end
end
