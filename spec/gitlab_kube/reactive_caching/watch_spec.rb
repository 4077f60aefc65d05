# frozen_string_literal: true

require "gitlab_kube"
require_relative "../../support/eventually"
require_relative "../../support/in_fork"
require_relative "../../support/reactive_engines"
require_relative "../../support/watch_script"

# The pods of a server that the spec has written. An example says what is computed of them.
class ScriptedPods
  include GitlabKube::ReactiveCaching

  self.reactive_cache_work_type = :external_dependency
  self.reactive_cache_worker_finder = ->(id, *_args) { self[id] }
  self.reactive_cache_lease_timeout = 3
  self.reactive_cache_refresh_interval = 0.5
  reactive_cache_source :watch

  class << self
    attr_accessor :server, :gone

    def [](id)
      new(id) unless gone
    end

    # What an example computes.
    def computes(&block)
      remove_method(:calculate_reactive_cache) if method_defined?(:calculate_reactive_cache, false)
      define_method(:calculate_reactive_cache, &block)
    end
  end

  attr_reader :id

  def initialize(id)
    @id = id
  end

  def reactive_cache_informers(*)
    { pods: KubeServer.client(self.class.server).core_client.informer("pods", namespace: "web") }
  end
end

# A server on a socket, both engines in this process; where jobs wait in Redis the spec does them.
RSpec.describe "A reactive cache whose source is :watch" do
  include Eventually
  include InFork
  include WatchScript

  let(:things) do
    stub_const("ScriptedThing", Class.new(ScriptedPods)).tap do |klass|
      klass.reactive_cache_worker_finder = ->(id, *_args) { klass[id] }
      klass.computes { |pods:| pods.map { |pod| pod.metadata.name }.sort }
    end
  end
  let(:thing) { things.new(SecureRandom.hex(4)) }
  let(:open) { [] }

  after do
    thing.clear_reactive_cache!
    GitlabKube::ReactiveCaching.engine = nil
    Thread.list.select { |thread| thread.name == "gitlab_kube watch" }.each(&:kill).each(&:join) # else they go on for two beats
    things.server&.stop
  end

  def serve(*acts, **lists)
    things.server = scripted(*acts, **lists)
  end

  # A watch that begins with these events, goes on with what is pushed to the queue, and is counted while it is open.
  def live(text = "", more = Queue.new)
    lambda do |socket|
      open << socket
      socket.write(WatchScript::HEAD)
      socket.write(chunk(text)) unless text.empty?
      writer = Thread.new { loop { socket.write(chunk(more.pop)) } }
      socket.read
    ensure
      writer&.kill
      open.delete(socket)
    end
  end

  def lists
    things.server.seen.map(&:path).reject { |path| path.include?("watch=true") || path == "/api/v1" }
  end

  # What waits in Redis and is due.
  def work
    return unless GitlabKube::ReactiveCaching.engine.is_a?(GitlabKube::ReactiveCaching::Distributed)

    due = Sidekiq::ScheduledSet.new.select { |job| job.at <= Time.now }
    (Sidekiq::Queue.all.flat_map(&:to_a) + due).each { |job| job.delete && GitlabKube::ReactiveCaching::Refresh.perform(*job.args) }
  end

  def value(*args)
    work
    thing.with_reactive_cache(*args)
  end

  def code
    work
    thing.reactive_cache_error&.code
  end

  %w[embedded distributed].each do |name|
    describe "with the #{name} engine" do
      before do
        GitlabKube::ReactiveCaching.engine =
          name == "embedded" ? GitlabKube::ReactiveCaching::Embedded.new : ReactiveEngines::ALL.fetch("distributed over Redis").call.engine
      end

      # By the times it keeps: when the server is asked says less, for a watch that has failed may ask once more before it is ended.
      it "is refused, says so, and tries again after one interval and after two, until it is let in" do
        failures = []
        GitlabKube::ReactiveCaching.on_error { failures << thing.reactive_cache_error }
        refusal = refuses(403)
        things.server = KubeServer.start do |request|
          next live if request.path.include?("watch=true")

          failures.size < 2 ? refusal : KubeServer.json({ kind: "PodList", metadata: { resourceVersion: "10" }, items: [listed] })
        end
        expect(value).to be_nil
        eventually { value == ["listed"] }
        expect(thing.reactive_cache_error).to be_nil
        expect(failures.map { |failure| [failure.code, failure.times] }).to eq([[403, 1], [403, 2]])
        tries = [*failures.map(&:at), Time.now.to_f - thing.reactive_cache_age]
        expect(tries.each_cons(2).map { |before, after| after - before }).to match([be > 0.44, be > 0.89])
      ensure
        GitlabKube::ReactiveCaching.on_error
      end

      it "keeps its value while the connection is lost, says why, and goes on from there" do
        things.reactive_cache_lease_timeout = 60 # for as long it goes on trying
        lost = [500, {}, "{}"]
        serve(cuts(event("ADDED", "one", 11)), lost, lost, live(event("ADDED", "two", 12)))
        seen = []
        eventually do
          seen << [value, thing.reactive_cache_error&.code]
          value == %w[listed one two] && code.nil?
        end
        expect(seen.map(&:first).compact.uniq).to start_with(["listed"]).or start_with(%w[listed one])
        expect(seen.map(&:last)).to include(500).or include("GitlabKube::StreamCutError")
        expect(lists.size).to eq(1)
      end

      it "keeps its value when the new one is too large, and takes the next that fits" do
        things.reactive_cache_hard_limit = 200
        more = Queue.new
        serve(live("", more))
        eventually { value == ["listed"] }
        more << event("ADDED", "x" * 200, 11)
        eventually { code == "GitlabKube::ReactiveCaching::ExceededReactiveCacheLimit" }
        expect(value).to eq(["listed"])
        more << event("DELETED", "x" * 200, 12) << event("ADDED", "two", 13)
        eventually { value == %w[listed two] && code.nil? }
        expect(lists.size).to eq(1)
      end

      it "keeps its value when the computation fails, and computes again by itself" do
        attempts = 0
        things.computes do |pods:|
          (attempts += 1) == 2 ? raise(KeyError, "not now") : pods.map { |pod| pod.metadata.name }
        end
        more = Queue.new
        serve(live("", more))
        eventually { value == ["listed"] }
        more << event("ADDED", "two", 11)
        eventually { code == "KeyError" }
        expect(value).to eq(["listed"])
        eventually { value == %w[listed two] && code.nil? }
      end

      it "computes a burst of changes a few times, not once for each" do
        computed = 0
        things.computes do |pods:|
          computed += 1
          pods.size
        end
        more = Queue.new
        serve(live("", more))
        eventually { value == 1 }
        500.times { |n| more << event("ADDED", "pod-#{n}", 11 + n) }
        eventually { value == 501 }
        expect(computed).to be < 50
      end

      it "has its lease renewed during a computation that takes longer than the lease" do
        things.reactive_cache_lease_timeout = 2
        computed = 0
        things.computes do |pods:|
          computed += 1
          sleep 2.5
          pods.size
        end
        serve(live)
        eventually { value == 1 }
        expect([computed, lists.size, open.size]).to eq([1, 1, 1])
      end

      it "starts another watch when it is cleared, and ends the former" do
        serve(live)
        eventually { value && open.size == 1 }
        thing.clear_reactive_cache!
        expect(value).to be_nil
        eventually { value && lists.size == 2 }
        eventually { open.size == 1 }
        expect(thing.reactive_cache_live?).to be(true)
      end

      it "brings back a value that the cache has lost, without asking the cluster" do
        serve(live)
        eventually { value }
        slot = GitlabKube::ReactiveCaching::Slot.new(thing, [])
        former = slot.look.stored.refreshed_at
        slot.engine.delete(slot.key)
        eventually { value == ["listed"] && slot.look.stored.refreshed_at > former }
        expect(lists.size).to eq(1)
      end

      it "puts its value in the place of one that came late from another" do
        serve(live)
        eventually { value }
        slot = GitlabKube::ReactiveCaching::Slot.new(thing, [])
        late = GitlabKube::ReactiveCaching::Stored.of(["old"], life: slot.look.life, refreshed_at: Time.now.to_f - 60)
        slot.engine.write(slot.key, late.bytes, 60)
        eventually { value == ["listed"] }
        expect(lists.size).to eq(1)
      end

      it "ends when the record is gone" do
        more = Queue.new
        serve(live("", more))
        eventually { value && open.size == 1 }
        things.gone = true
        more << event("ADDED", "two", 11)
        eventually { open.empty? }
        expect(value).to eq(["listed"])
      end

      it "is for a record that has informers, and says what is missing" do
        things.define_method(:reactive_cache_informers) { |*| {} }
        value
        eventually { code == "ArgumentError" }
      end

      it "gives a computation the informers it names, and one that names none nothing" do
        serve(live)
        things.computes { |*args| args }
        eventually { value("a", 1) == ["a", 1] }
        things.computes { |*args, **informers| [args, informers.keys] }
        eventually { value("b") == [["b"], [:pods]] }
        %w[a b].each { |qualifier| thing.clear_reactive_cache!(*qualifier) }
      end

      it "computes once by hand, and leaves no watch behind" do
        things.reactive_cache_lease_timeout = 60 # for as long no reader misses the job
        serve(live)
        GitlabKube::ReactiveCaching.engine.add("#{GitlabKube::ReactiveCaching::Key.of(thing, [])}:alive",
                                               GitlabKube::ReactiveCaching::Life.born.bytes, 60)
        thing.exclusively_update_reactive_cache!
        expect(thing.with_reactive_cache).to eq(["listed"])
        expect(thing.reactive_cache_live?).to be(false)
        eventually { open.empty? }
      end
    end
  end

  describe "in a forked child" do
    before { GitlabKube::ReactiveCaching.engine = :embedded }

    it "begins anew, and leaves the parent's watch alone" do
      serve(live)
      eventually { value && open.size == 1 }
      in_child = in_fork do
        first = thing.with_reactive_cache
        eventually { thing.with_reactive_cache }
        [first, thing.with_reactive_cache]
      end
      expect(in_child).to eq([nil, ["listed"]])
      eventually { open.size == 1 }
      expect(value).to eq(["listed"])
    end
  end

  describe "whose lease has gone to another" do
    before { GitlabKube::ReactiveCaching.engine = ReactiveEngines::ALL.fetch("distributed over Redis").call.engine }

    let(:more) { Queue.new }

    def seize
      redis = ReactiveEngines.redis.client
      redis.keys("gitlab_kube:lease:*:watch:*").each { |key| redis.set(key, "another", px: 60_000) }
    end

    it "ends, and keeps nothing it computes from then on" do
      serve(live("", more))
      eventually { value && open.size == 1 }
      seize
      more << event("ADDED", "late", 11)
      eventually { open.empty? }
      expect(value).to eq(["listed"])
    end

    it "keeps nothing it was computing either" do
      computing = Queue.new
      seized = Queue.new
      things.computes do |pods:|
        if pods.size > 1
          computing << Thread.current
          seized.pop
        end
        pods.size
      end
      serve(live("", more))
      eventually { value == 1 && open.size == 1 }
      more << event("ADDED", "late", 11)
      watch = computing.pop
      seize
      seized << true
      watch.join
      eventually { open.empty? }
      expect(value).to eq(1)
    end
  end
end
