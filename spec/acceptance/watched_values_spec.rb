# frozen_string_literal: true

require "sidekiq/api"
require_relative "support/cluster"
require_relative "../support/audit_log"
require_relative "../support/eventually"
require_relative "../support/fleet/watching"
require_relative "../support/reactive_engines"
require_relative "../support/sidekiqs"

# The API server itself says what it was asked.
RSpec.describe "A reactive cache whose source is :watch", :cluster do
  include Eventually

  application = File.expand_path("../support/fleet/watching.rb", __dir__)

  before(:context) do
    @audit = AuditLog.new
    @cluster = TestCluster.start(nodes: 0, controllers: "", apiserver_args: @audit.arguments)
    ENV["CLUSTER"] = @cluster.kubeconfig
  end

  # A watch that outlived its cluster would try to reach it while other examples run.
  after(:context) do
    eventually(60) { @audit.watched.empty? }
    @cluster.stop
    @audit.delete
  end

  # Nobody reads these values any more, so whoever watches for them ends.
  after do
    records.each(&:clear_reactive_cache!)
    GitlabKube::ReactiveCaching.engine = nil
  end

  let(:records) { [] }

  attr_reader :audit

  def new_record(type = WatchedMaps)
    type.new(namespace).tap { |record| records << record }
  end

  def namespace
    name = "watched-#{SecureRandom.hex(4)}"
    expect(@cluster.post("/api/v1/namespaces", { metadata: { name: name } }).code).to eq("201")
    name
  end

  def write(record, name)
    answer = @cluster.post("/api/v1/namespaces/#{record.id}/configmaps", { metadata: { name: name } })
    expect(answer.code).to eq("201")
  end

  def names(record)
    record.with_reactive_cache { |value| value["names"] }
  end

  def holder(record)
    record.with_reactive_cache { |value| value["pid"] }
  end

  # Has a value, and the watch it needs: that begins a moment later.
  def watched(record)
    eventually(60) { names(record) && audit.watches(record.id) == 1 }
  end

  # Long before a watch that has fallen silent would be missed.
  def shows(record, name)
    write(record, name)
    eventually(30) { names(record).include?(name) }
  end

  shared_examples "a live value" do
    it "shows a change soon, without being asked to look" do
      record = new_record
      eventually(60) { names(record) == [] }
      3.times { |n| shows(record, "change-#{n}") }
      expect(record.reactive_cache_live?).to be(true)
    end

    it "asks an idle cluster nothing" do
      record = new_record
      watched(record)
      eventually(60) { audit.watched == [record.id] } # those of other examples are over
      asked = audit.size
      deadline = Time.now + 2
      names(record) while Time.now < deadline
      expect(audit.size).to eq(asked)
    end

    it "watches once for each value, however many ask and however often jobs come" do
      3.times { new_record }
      Array.new(10) { records.map { |record| Thread.new { names(record) } } }.flatten.each(&:join)
      records.each { |record| watched(record) }
      records.cycle(5) { |record| GitlabKube::ReactiveCaching::Slot.new(record, []).enqueue }
      sleep 2 # a second watch would have begun
      expect(records.map { |record| audit.watches(record.id) }).to eq([1, 1, 1])
    end

    it "ends when nobody reads, and begins anew with the next reader" do
      record = new_record(BriefMaps)
      watched(record)
      eventually(60) { audit.watches(record.id).zero? }
      expect(names(record)).to be_nil
      eventually(60) { names(record) }
    end
  end

  describe "in one process" do
    before { GitlabKube::ReactiveCaching.engine = :embedded }

    it_behaves_like "a live value"
  end

  describe "in three Sidekiq processes" do
    before(:context) do
      ReactiveEngines.redis.client.flushall
      @sidekiqs = Sidekiqs.new(application, "REDIS_URL" => ReactiveEngines.redis.url)
      3.times { @sidekiqs.start }
    end

    after(:context) { @sidekiqs.close }

    before do
      store = ActiveSupport::Cache::RedisCacheStore.new(url: ReactiveEngines.redis.url)
      GitlabKube::ReactiveCaching.engine = GitlabKube::ReactiveCaching::Distributed.new(cache: -> { store })
      @sidekiqs.start while @sidekiqs.pids.size < 3
    end

    it_behaves_like "a live value"

    # One watch, of another process, that shows changes.
    def handed_over(record, from)
      eventually(60) { holder(record) != from }
      eventually(60) { audit.watches(record.id) == 1 }
      shows(record, "after")
    end

    it "is taken over when the process that watches is killed" do
      record = new_record(HastyMaps)
      first = eventually(60) { holder(record) }
      @sidekiqs.stop(first, "KILL")
      handed_over(record, first)
    end

    it "is handed over by a process that is stopped, before its lease ends, and does not keep it from ending" do
      record = new_record(PatientMaps)
      first = eventually(60) { holder(record) }
      redis = ReactiveEngines.redis.client
      lease = redis.keys("gitlab_kube:lease:patient_maps:#{record.id}:watch:*").first
      token = redis.get(lease)
      expect(@sidekiqs.stop(first, "TERM")).to be < 45 # of 60 that a Sidekiq gives a worker that is busy
      expect(redis.get(lease)).not_to eq(token) # it would be for 10 seconds or more
      handed_over(record, first)
    end

    it "has one writer after the one before it was asleep" do
      record = new_record(HastyMaps)
      first = eventually(60) { holder(record) }
      Process.kill("STOP", first)
      eventually(60) { holder(record) != first }
      write(record, "while-it-slept")
      Process.kill("CONT", first)
      eventually(60) { audit.watches(record.id) == 1 }
      handed_over(record, first)
    ensure
      Process.kill("CONT", first)
    end
  end
end
