# frozen_string_literal: true

require "active_support/concern"
require "gitlab_kube/reactive_caching"
require_relative "../support/reactive_engines"

# Records with an id and a reactive cache; no ActiveRecord anywhere.
class ReactiveThing
  include GitlabKube::ReactiveCaching

  self.reactive_cache_work_type = :no_dependency
  self.reactive_cache_worker_finder = ->(id, *_args) { all[id] }
  self.reactive_cache_lease_timeout = 300 # longer than any example may take: after it, a reader takes the job for lost
  self.reactive_cache_refresh_interval = 60
  self.reactive_cache_lifetime = 600

  def self.all
    @all ||= {}
  end

  attr_reader :id, :computed, :updates
  attr_accessor :answer

  def initialize(id = 1, &answer)
    @id = id
    @answer = answer || -> { computed }
    @computed = 0
    @updates = []
    self.class.all[id] = self
    @lock = Mutex.new
  end

  def calculate_reactive_cache(*args)
    @lock.synchronize { @computed += 1 }
    answer.call(*args)
  end

  def reactive_cache_updated(*args)
    updates << args
  end
end

RSpec.describe GitlabKube::ReactiveCaching do
  ReactiveEngines::ALL.each do |name, make|
    describe "with the #{name} engine" do
      let(:bench) { make.call }
      let(:thing) { ReactiveThing.new }

      before { described_class.engine = bench.engine }
      after { described_class.engine = nil }

      def warm(record, *args)
        record.with_reactive_cache(*args) { nil }
        record.exclusively_update_reactive_cache!(*args)
      end

      def let_time_pass(seconds)
        now = Time.now
        allow(Time).to receive(:now).and_return(now + seconds)
      end

      it "gives nil and queues one job on a cold key" do
        expect(thing.with_reactive_cache { raise "not called" }).to be_nil
        expect(bench.jobs).to eq(1)
        expect(thing.with_reactive_cache { raise "not called" }).to be_nil
        expect(bench.jobs).to eq(1)
        expect(thing.computed).to eq(0)
      end

      it "gives what the block makes of the value once it is computed" do
        warm(thing)
        expect(thing.with_reactive_cache { |value| value + 100 }).to eq(101)
        expect(thing.with_reactive_cache).to eq(1)
      end

      it "reads false and 0 as values and nil as none yet" do
        [[false, :seen], [0, :seen], [nil, nil]].each_with_index do |(value, seen), index|
          record = ReactiveThing.new(10 + index) { value }
          warm(record)
          expect(record.with_reactive_cache { :seen }).to eq(seen)
        end
      end

      it "gives each reader a value of its own, when it is one that can be changed" do
        thing.answer = -> { ["one"] }
        warm(thing)
        thing.with_reactive_cache { |value| value << "of a reader's" }
        expect(thing.with_reactive_cache).to eq(["one"])
      end

      it "gives all readers the same object, when it is one that nobody can change, until there is a newer" do
        values = [{ "pods" => ["one"] }, { "pods" => ["two"] }].map { |value| Ractor.make_shareable(value) }
        thing.answer = -> { values[thing.computed - 1] }
        warm(thing)
        first = thing.with_reactive_cache
        expect(first).to eq(values.first).and equal(thing.with_reactive_cache)
        expect { first["pods"] << "two" }.to raise_error(FrozenError)
        thing.exclusively_update_reactive_cache!
        expect(thing.with_reactive_cache).to eq(values.last)
      end

      it "does not give a value again that was cleared, however often it was read" do
        thing.answer = -> { "frozen" }
        warm(thing)
        expect(thing.with_reactive_cache).to equal(thing.with_reactive_cache)
        thing.clear_reactive_cache!
        expect(thing.with_reactive_cache).to be_nil
      end

      it "keeps values of different qualifiers apart" do
        thing.answer = ->(*args) { args }
        warm(thing, "a", 1)
        warm(thing, "b")
        expect(thing.with_reactive_cache("a", 1)).to eq(["a", 1])
        expect(thing.with_reactive_cache("b")).to eq(["b"])
        expect(thing.with_reactive_cache).to be_nil
      end

      it "finds a Hash qualifier's value again after its trip through JSON" do
        thing.answer = ->(*args) { args }
        thing.with_reactive_cache({ page: 1 })
        thing.exclusively_update_reactive_cache!({ "page" => 1 })
        expect(thing.with_reactive_cache({ page: 1 })).to eq([{ "page" => 1 }])
      end

      it "queues the next refresh after each one" do
        warm(thing)
        expect(bench.jobs).to eq(2)
      end

      it "computes nothing for a key nobody reads, and forgets its value" do
        bench.engine.write("reactive_thing:1", "\x02left over".b, 60)
        thing.exclusively_update_reactive_cache!
        expect(thing.computed).to eq(0)
        expect(bench.jobs).to eq(0)
        expect(bench.engine.read("reactive_thing:1")).to eq([nil])
      end

      it "has one job for a cold key, however many threads ask" do
        gate = Queue.new
        threads = Array.new(1000) { Thread.new { gate.pop && thing.with_reactive_cache { nil } } }
        1000.times { gate << true }
        threads.each(&:join)
        expect(bench.jobs).to eq(1)
      end

      it "computes once, however many workers refresh at the same time" do
        started = Queue.new
        finish = Queue.new
        thing.answer = lambda {
          started << true
          finish.pop
        }
        thing.with_reactive_cache
        first = Thread.new { thing.exclusively_update_reactive_cache! }
        started.pop
        Array.new(20) { Thread.new { thing.exclusively_update_reactive_cache! } }.each(&:join)
        finish << "value"
        first.join
        expect(thing.computed).to eq(1)
        expect(thing.with_reactive_cache).to eq("value")
      end

      it "serves the old value while a refresh runs" do
        warm(thing)
        started = Queue.new
        finish = Queue.new
        thing.answer = lambda {
          started << true
          finish.pop
        }
        refresh = Thread.new { thing.exclusively_update_reactive_cache! }
        started.pop
        expect(thing.with_reactive_cache).to eq(1)
        finish << "new"
        refresh.join
        expect(thing.with_reactive_cache).to eq("new")
      end

      it "tells a change from no change" do
        thing.answer = ->(*) { { "a" => [1] } }
        warm(thing, "x")
        thing.exclusively_update_reactive_cache!("x")
        thing.answer = ->(*) { { "a" => [2] } }
        thing.exclusively_update_reactive_cache!("x")
        expect(thing.updates).to eq([["x"], ["x"]])
      end

      it "keeps the value, says why and comes again when a refresh fails" do
        warm(thing)
        jobs = bench.jobs
        thing.answer = -> { raise Errno::ECONNREFUSED, "MARKER" }
        expect { thing.exclusively_update_reactive_cache! }.to raise_error(Errno::ECONNREFUSED)
        expect(thing.with_reactive_cache).to eq(1)
        expect(thing.reactive_cache_error).to have_attributes(code: "Errno::ECONNREFUSED", times: 1)
        expect(thing.reactive_cache_error.inspect).not_to include("MARKER")
        expect(bench.jobs).to eq(jobs + 1)
      end

      it "waits longer after each failure, and forgets them with the next value" do
        warm(thing)
        thing.answer = -> { raise "no" }
        waits = Array.new(5) do
          expect { thing.exclusively_update_reactive_cache! }.to raise_error("no")
          thing.reactive_cache_error.retry_at - Time.now.to_f
        end
        expect(waits.each_cons(2)).to all(satisfy { |earlier, later| later > earlier * 1.2 || later > 500 })
        expect(waits.last).to be_between(500, 660)
        thing.answer = -> { "well" }
        thing.exclusively_update_reactive_cache!
        expect(thing.reactive_cache_error).to be_nil
      end

      it "gives the HTTP code of an error that has one" do
        thing.answer = -> { raise Class.new(StandardError) { def error_code = 403 }, "secret" }
        expect { warm(thing) }.to raise_error("secret")
        expect(thing.reactive_cache_error.code).to eq(403)
      end

      it "does not let a recorded failure out of the job" do
        thing.answer = -> { raise "no" }
        thing.with_reactive_cache
        expect { GitlabKube::ReactiveCachingWorker.new.perform("ReactiveThing", 1) }.not_to raise_error
        expect(thing.reactive_cache_error.code).to eq("RuntimeError")
      end

      it "tells the application of each failure" do
        seen = []
        described_class.on_error { |error, context| seen << [error.message, context[:key], context[:times]] }
        thing.answer = -> { raise "no" }
        expect { warm(thing) }.to raise_error("no")
        expect(seen).to eq([["no", "reactive_thing:1", 1]])
      ensure
        described_class.on_error
      end

      it "comes again all the same when the application cannot be told" do
        described_class.on_error { raise "the tracker is down" }
        thing.answer = -> { raise "no" }
        thing.with_reactive_cache
        jobs = bench.jobs
        expect { thing.exclusively_update_reactive_cache! }.to raise_error("no")
        expect(bench.jobs).to eq(jobs + 1)
      ensure
        described_class.on_error
      end

      it "computes and tells also where the class keeps its methods to itself, as GitLab's does" do
        stub_const("Reserved", Class.new(ReactiveThing) { private :calculate_reactive_cache, :reactive_cache_updated })
        record = Reserved.new
        warm(record)
        expect([record.with_reactive_cache, record.updates]).to eq([1, [[]]])
      end

      it "knows how old the value is" do
        expect(thing.reactive_cache_age).to be_nil
        warm(thing)
        expect(thing.reactive_cache_age).to be_between(0, 10)
        let_time_pass(30)
        expect(thing.reactive_cache_age).to be_between(30, 40)
      end

      it "computes again when the block finds the value invalid" do
        warm(thing)
        jobs = bench.jobs
        expect(thing.with_reactive_cache { raise described_class::InvalidateReactiveCache }).to be_nil
        expect(bench.jobs).to eq(jobs + 1)
        expect(thing.with_reactive_cache).to be_nil
        thing.exclusively_update_reactive_cache!
        expect(thing.with_reactive_cache).to eq(2)
      end

      it "forgets the value when it is cleared" do
        warm(thing)
        thing.clear_reactive_cache!
        expect(thing.reactive_cache_age).to be_nil
        expect(thing.with_reactive_cache).to be_nil
      end

      it "never shows what was computed before it was cleared" do
        warm(thing)
        thing.answer = lambda {
          thing.clear_reactive_cache!
          thing.with_reactive_cache
          "from before"
        }
        jobs = bench.jobs
        thing.exclusively_update_reactive_cache!
        expect(thing.with_reactive_cache).to be_nil
        expect(bench.jobs).to eq(jobs + 2), "the new life's first reader sends a job, and the refresh it found under way another"
      end

      it "clears a set together" do
        thing.answer = ->(resource, opts) { [resource, opts] }
        2.times { |page| warm(thing, "alerts", page) }
        2.times { |page| thing.with_reactive_cache_set("alerts", page) { |value| value } }
        thing.clear_reactive_cache_set!("alerts")
        expect(Array.new(2) { |page| thing.with_reactive_cache("alerts", page) }).to eq([nil, nil])
      end

      it "keeps the old value when the new one is larger than the limit" do
        limited = Class.new(ReactiveThing) { self.reactive_cache_hard_limit = 1000 }
        stub_const("LimitedThing", limited)
        record = limited.new(5) { "small" }
        warm(record)
        record.answer = -> { "x" * 2000 }
        expect { record.exclusively_update_reactive_cache! }.to raise_error(described_class::ExceededReactiveCacheLimit, /2\d\d\d bytes/)
        expect(record.with_reactive_cache).to eq("small")
        expect(record.reactive_cache_error.code).to eq("GitlabKube::ReactiveCaching::ExceededReactiveCacheLimit")
      end

      it "reads what another version stored as a miss" do
        warm(thing)
        ["\x7ffuture".b, "", "\x02".b].each do |foreign|
          bench.engine.write("reactive_thing:1", foreign, 60)
          expect(thing.with_reactive_cache).to be_nil
        end
        bench.engine.write("reactive_thing:1:alive", "\x7ffuture".b, 60)
        expect(thing.with_reactive_cache).to be_nil
      end

      it "reads a value whose class is gone as a miss" do
        stub_const("Fleeting", Struct.new(:a))
        thing.answer = -> { Fleeting.new(1) }
        warm(thing)
        expect(thing.with_reactive_cache(&:a)).to eq(1)
        hide_const("Fleeting")
        expect(thing.with_reactive_cache).to be_nil
      end

      it "lets a second job for one key end when the first has done the work" do
        thing.with_reactive_cache
        2.times { GitlabKube::ReactiveCachingWorker.new.perform("ReactiveThing", 1) }
        expect(thing.computed).to eq(1)
      end

      it "sends another job when the one that was due did not come, and just one" do
        warm(thing)
        jobs = bench.jobs
        let_time_pass(60 + 300 + 1)
        10.times { expect(thing.with_reactive_cache).to eq(1) }
        expect(bench.jobs).to eq(jobs + 1)
      end

      it "heals a key that lives without a value and without a job" do
        bench.engine.add("reactive_thing:1:alive", GitlabKube::ReactiveCaching::Life.born.bytes, 600)
        expect([thing.with_reactive_cache, bench.jobs]).to eq([nil, 0])
        let_time_pass(300 + 1)
        expect([thing.with_reactive_cache, bench.jobs]).to eq([nil, 1])
      end

      it "lets a job end whose class or record is gone" do
        worker = GitlabKube::ReactiveCachingWorker.new
        expect { worker.perform("NoSuchThing", 1) }.not_to raise_error
        expect { worker.perform("ReactiveThing", 404) }.not_to raise_error
      end

      it "is outside of a web request in a job, also where a spec has jobs run inline" do
        thing.answer = -> { ["called", GitlabKube::WebRequestGuard.check!] }
        thing.with_reactive_cache
        page = ->(_env) { [200, {}, [GitlabKube::ReactiveCachingWorker.new.perform("ReactiveThing", 1)]] }
        GitlabKube::WebRequestGuard.new(page, mode: :raise).call({}).last.close
        expect([thing.reactive_cache_error, thing.with_reactive_cache]).to eq([nil, ["called", nil]])
      end

      it "says what a class without a work type or a name lacks" do
        stub_const("Untyped", Class.new(ReactiveThing) { self.reactive_cache_work_type = nil })
        expect { Untyped.new(7).with_reactive_cache }.to raise_error(ArgumentError, /Untyped needs a reactive_cache_work_type/)
        nameless = [Class.new(ReactiveThing), Class.new(ReactiveThing) { self.reactive_cache_key = ["nameless"] }]
        nameless.each { |klass| expect { klass.new(7).with_reactive_cache }.to raise_error(ArgumentError, /needs a name/) }
      end
    end
  end

  describe "class attributes" do
    it "are inherited, and a subclass's own are its own" do
      child = Class.new(ReactiveThing) { self.reactive_cache_lifetime = 55 }
      expect([ReactiveThing.reactive_cache_lifetime, child.reactive_cache_lifetime]).to eq([600, 55])
      expect(child.reactive_cache_work_type).to eq(:no_dependency)
      expect(Class.new(child).new.reactive_cache_lifetime).to eq(55)
    end

    it "default to GitLab's" do
      plain = Class.new { include GitlabKube::ReactiveCaching }
      names = %i[lease_timeout refresh_interval lifetime hard_limit work_type]
      expect(names.map { |name| plain.public_send("reactive_cache_#{name}") }).to eq([120, 60, 600, nil, nil])
    end

    it "reach a class through a concern that includes this one" do
      concern = Module.new { include GitlabKube::ReactiveCaching }
      expect(Class.new { include concern }.reactive_cache_lifetime).to eq(600)
    end

    it "can be set in a concern of ActiveSupport's that includes this one, and in one that includes that" do
      concern = Module.new do
        extend ActiveSupport::Concern
        include GitlabKube::ReactiveCaching
        included { self.reactive_cache_lifetime = 55 }
      end
      further = Module.new do
        extend ActiveSupport::Concern
        include concern
        included { self.reactive_cache_hard_limit = 10 }
      end
      klass = Class.new { include further }
      expect([klass.reactive_cache_lifetime, klass.reactive_cache_hard_limit,
              klass.new.reactive_cache_refresh_interval]).to eq([55, 10, 60])
    end

    it "find records with ActiveRecord's find_by, and say so when there is none" do
      model = Class.new do
        include GitlabKube::ReactiveCaching
        def self.primary_key = "id"
        def self.find_by(conditions) = conditions
      end
      expect(model.reactive_cache_worker_finder.call(3, "x")).to eq("id" => 3)
      stub_const("Homeless", Class.new { include GitlabKube::ReactiveCaching })
      expect { Homeless.reactive_cache_worker_finder }.to raise_error(ArgumentError, /Homeless needs a reactive_cache_worker_finder/)
    end
  end

  describe "keys" do
    {
      ["Clusters::Cluster", []] => "clusters_cluster:4",
      ["HTTPServer", ["a", 1, nil]] => "http_server:4:a:1:",
      ["Thing2Do", [%w[x y]]] => "thing2_do:4:x:y"
    }.each do |(name, args), key|
      it "are #{key} for #{name} with #{args}" do
        klass = Class.new(ReactiveThing)
        klass.define_singleton_method(:name) { name }
        expect(GitlabKube::ReactiveCaching::Key.of(klass.new(4), args)).to eq(key)
      end
    end

    it "can be given, as a value or as a lambda" do
      given = Class.new(ReactiveThing) { self.reactive_cache_key = ->(record) { ["given", record.id, 9] } }
      expect(GitlabKube::ReactiveCaching::Key.of(given.new(4), ["q"])).to eq("given:4:9:q")
      fixed = Class.new(ReactiveThing) { self.reactive_cache_key = "fixed" }
      expect(GitlabKube::ReactiveCaching::Key.of(fixed.new(4), [])).to eq("fixed")
    end
  end
end
