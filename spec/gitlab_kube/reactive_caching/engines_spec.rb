# frozen_string_literal: true

require "connection_pool"
require "gitlab_kube/reactive_caching"
require_relative "../../support/eventually"
require_relative "../../support/reactive_engines"

# The least a class needs.
class EngineThing
  include GitlabKube::ReactiveCaching

  self.reactive_cache_work_type = :external_dependency

  def id
    1
  end
end

RSpec.describe "The engines of the reactive cache" do
  include Eventually

  ReactiveEngines::ALL.each do |name, make|
    describe name do
      let(:engine) { make.call.engine }

      it "lets one of many have the lease, and the next once it is given back" do
        leases = Array.new(20) { Thread.new { engine.obtain("k", 60) } }.map(&:value).compact
        expect(leases.size).to eq(1)
        expect(engine.release("k", leases.first)).to be(true)
        expect(engine.obtain("k", 60)).not_to be_nil
      end

      it "ends a lease by itself, and a late holder cannot give back its successor's" do
        late = engine.obtain("k", 0.05)
        successor = eventually { engine.obtain("k", 60) }
        expect(engine.release("k", late)).to be(false)
        expect(engine.obtain("k", 60)).to be_nil
        expect(engine.release("k", successor)).to be(true)
      end

      it "renews a lease for its holder, beyond its first end" do
        eventually { (token = engine.obtain("k", 0.2)) && engine.renew("k", token, 60) } # again where it came too late
        sleep 0.2
        expect(engine.obtain("k", 60)).to be_nil
      end

      it "renews a lease for nobody whose time is over" do
        token = engine.obtain("k", 60)
        expect(engine.renew("k", token, 0.005)).to be(true)
        eventually { !engine.renew("k", token, 0.005) }
        expect(engine.renew("k", token, 60)).to be(false)
        expect(engine.obtain("k", 60)).not_to be_nil
        expect(engine.renew("k", token, 60)).to be(false)
      end

      it "keeps any bytes as they are" do
        bytes = (0..255).map(&:chr).join.b * 10
        engine.write("k", bytes, 60)
        expect(engine.read("k", "none")).to eq([bytes, nil])
        expect(engine.read("k").first.encoding).to eq(Encoding::BINARY)
      end

      it "adds once, deletes, and lets go when the time is over" do
        expect([engine.add("k", "a", 60), engine.add("k", "b", 60)]).to eq([true, false])
        engine.delete("k", "none")
        expect(engine.read("k")).to eq([nil])
        expect(engine.add("k", "c", 0.05)).to be(true)
        eventually { engine.read("k") == [nil] }
        expect(engine.add("k", "d", 60)).to be(true)
      end

      it "extends what it has, beyond its first end" do
        eventually { engine.add("k", "c", 0.1) && engine.extend("k", "c", 60) } # again where it came too late
        sleep 0.1
        expect(engine.read("k")).to eq(["c"])
      end

      it "remembers a set's members until they are recalled" do
        %w[a b a].each { |member| engine.remember("set", member, 60) }
        expect(engine.recall("set")).to match_array(%w[a b])
        expect(engine.recall("set")).to eq([])
      end
    end
  end

  describe "chosen by themselves" do
    before { GitlabKube::ReactiveCaching.engine = nil }
    after { GitlabKube::ReactiveCaching.engine = nil }

    it "are distributed where Rails.cache and Sidekiq are, with the store of the moment" do
      stores = Array.new(2) { ActiveSupport::Cache::MemoryStore.new }
      stub_const("Rails", Struct.new(:cache).new(stores.first))
      engine = GitlabKube::ReactiveCaching.engine
      expect(engine).to be_a(GitlabKube::ReactiveCaching::Distributed)
      engine.write("k", "first", 60)
      Rails.cache = stores.last
      expect(engine.read("k")).to eq([nil])
    end

    it "are what was asked for, and nothing else" do
      GitlabKube::ReactiveCaching.engine = :embedded
      expect(GitlabKube::ReactiveCaching.engine).to be_a(GitlabKube::ReactiveCaching::Embedded)
      expect { GitlabKube::ReactiveCaching.engine = :memory }.to raise_error(ArgumentError)
    end
  end

  describe "with a queue that does not answer" do
    let!(:bench) { ReactiveEngines::ALL.fetch("distributed over a memory store").call }
    let(:dead) { ConnectionPool.new { raise Errno::ECONNREFUSED } }

    before { GitlabKube::ReactiveCaching.engine = bench.engine }
    after { GitlabKube::ReactiveCaching.engine = nil }

    it "answers nil, takes the claim back and lets the next reader try" do
      Sidekiq::Client.via(dead) { expect(EngineThing.new.with_reactive_cache).to be_nil }
      expect(bench.jobs).to eq(0)
      EngineThing.new.with_reactive_cache
      expect(bench.jobs).to eq(1)
    end
  end
end
