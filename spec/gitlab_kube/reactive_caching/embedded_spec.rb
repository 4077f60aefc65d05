# frozen_string_literal: true

require "gitlab_kube/reactive_caching"
require "gitlab_kube/reactive_caching/embedded"
require_relative "../../support/eventually"
require_relative "../../support/in_fork"

# A value computed by the pool's own threads.
class PooledThing
  include GitlabKube::ReactiveCaching

  self.reactive_cache_work_type = :external_dependency
  self.reactive_cache_worker_finder = ->(id, *_args) { new(id) }
  self.reactive_cache_refresh_interval = 0.05
  self.reactive_cache_lifetime = 60

  class << self
    attr_accessor :answer

    def next_id
      @next_id = (@next_id || 0) + 10
    end
  end

  attr_reader :id

  def initialize(id)
    @id = id
  end

  def calculate_reactive_cache(*args)
    self.class.answer.call(id, *args)
  end
end

RSpec.describe GitlabKube::ReactiveCaching::Embedded do
  include Eventually
  include InFork

  # Of this example alone: the threads of an earlier one's pool may still have jobs.
  let(:id) { PooledThing.next_id }
  let(:engine) { described_class.new(capacity: 1 << 20, threads: 2) }

  before { GitlabKube::ReactiveCaching.engine = engine }
  after { GitlabKube::ReactiveCaching.engine = nil }

  it "is chosen where there is no Rails" do
    GitlabKube::ReactiveCaching.engine = nil
    expect(GitlabKube::ReactiveCaching.engine).to be_a(described_class)
  end

  it "computes in the background and goes on by itself while somebody reads" do
    count = 0
    PooledThing.answer = ->(*) { count += 1 }
    eventually { PooledThing.new(id).with_reactive_cache { |value| value > 5 } }
  end

  it "computes a cold key once, in one job, however many threads ask" do
    stub_const("RareThing", Class.new(PooledThing))
    RareThing.reactive_cache_refresh_interval = 60
    RareThing.reactive_cache_worker_finder = ->(id, *_args) { RareThing.new(id) }
    computed = Queue.new
    RareThing.answer = ->(*) { computed.push(true).size }
    gate = Queue.new
    threads = Array.new(1000) { Thread.new { gate.pop && RareThing.new(id).with_reactive_cache } }
    1000.times { gate << true }
    threads.each(&:join)
    eventually { RareThing.new(id).with_reactive_cache { true } && engine.waiting == 1 } # the next one
    expect(computed.size).to eq(1)
  end

  it "stops by itself when nobody reads any more" do
    stub_const("BriefThing", Class.new(PooledThing))
    BriefThing.reactive_cache_lifetime = 0.2
    BriefThing.reactive_cache_worker_finder = ->(id, *_args) { BriefThing.new(id) }
    BriefThing.answer = ->(*) { Time.now.to_f }
    eventually { BriefThing.new(1).with_reactive_cache }
    eventually { engine.waiting.zero? }
    eventually { engine.read("brief_thing:1", "brief_thing:1:alive") == [nil, nil] } # the value was written later, so it ends later
    expect(engine.waiting).to be_zero
  end

  it "tries a failed computation again, and later succeeds" do
    attempts = 0
    PooledThing.answer = ->(*) { (attempts += 1) < 4 ? raise("not yet") : "there" }
    eventually { PooledThing.new(id).with_reactive_cache { |value| value == "there" } }
  end

  it "computes different keys at the same time, no more of them than it has threads" do
    running = Queue.new
    finish = Queue.new
    PooledThing.answer = lambda { |asked, *|
      running << asked if asked >= id # else of an earlier example
      finish.pop
      "done"
    }
    3.times { |n| PooledThing.new(id + n).with_reactive_cache }
    expect([running.pop, running.pop].sort).to eq([id, id + 1])
    expect(engine.waiting).to eq(1)
    finish.close
    eventually { PooledThing.new(id + 2).with_reactive_cache }
  ensure
    finish.close
  end

  it "begins anew in a child of fork, and leaves the parent's values to the parent" do
    PooledThing.answer = ->(*) { Process.pid }
    eventually { PooledThing.new(id).with_reactive_cache }
    in_child = in_fork do
      first = PooledThing.new(id).with_reactive_cache
      eventually { PooledThing.new(id).with_reactive_cache }
      [first, PooledThing.new(id).with_reactive_cache == Process.pid]
    end
    expect(in_child).to eq([nil, true])
    expect(PooledThing.new(id).with_reactive_cache).to eq(Process.pid)
  end

  it "survives forks while other threads read and write" do
    PooledThing.answer = ->(*) { "x" * 1000 }
    # Threads that keep their turns for as long as they may would have this one wait at each call of the system: a require makes hundreds.
    reading = lambda do |number|
      PooledThing.new(number).with_reactive_cache
      Thread.pass
    end
    busy = Array.new(4) { |n| Thread.new { loop { reading.call(id + n) } } }
    children = Array.new(10) { in_fork { eventually { PooledThing.new(id).with_reactive_cache } && GC.start.nil? } }
    busy.each(&:kill).each(&:join)
    expect(children).to eq([true] * 10)
  ensure
    busy.each(&:kill).each(&:join)
  end

  it "refuses a value that would push the others out" do
    PooledThing.answer = ->(*) { "x" * 400_000 }
    PooledThing.new(id).with_reactive_cache
    eventually { PooledThing.new(id).reactive_cache_error }
    expect(PooledThing.new(id).reactive_cache_error.code).to eq("GitlabKube::ReactiveCaching::ExceededReactiveCacheLimit")
    expect(PooledThing.new(id).with_reactive_cache).to be_nil
  end

  it "computes inside the application's executor" do
    executor = Class.new do
      attr_reader :wrapped

      def wrap
        @wrapped = true
        yield
      end
    end.new
    stub_const("Rails", Module.new)
    Rails.define_singleton_method(:application) { Struct.new(:executor).new(executor) }
    PooledThing.answer = ->(*) { 1 }
    eventually { PooledThing.new(id).with_reactive_cache }
    expect(executor.wrapped).to be(true)
  end
end
