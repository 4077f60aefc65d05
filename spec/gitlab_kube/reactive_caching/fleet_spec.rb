# frozen_string_literal: true

require_relative "../../support/eventually"
require_relative "../../support/fleet"

# In short, unless `rake spec:kills` asks for all of it.
RSpec.describe "a reactive cache between real processes" do
  include Eventually

  after { fleet.close }

  # Every key is computed at least twice more: refreshing goes on by itself.
  def goes_on
    before = fleet.values
    eventually(60) { fleet.values.zip(before).all? { |now, then_| now >= then_ + 2 } }
  end

  def nothing_wrong
    expect(fleet.report["wrong"]).to eq([])
  end

  # The figures of a long run.
  def tell(what)
    return unless ENV["KILLS"]

    seen = fleet.report
    RSpec.configuration.reporter.message("#{what}: #{seen['reads']} reads, #{seen['wrong'].size} of them wrong, the slowest took " \
                                         "#{(seen['slowest'] * 1000).round} ms; #{fleet.values.sum} new values")
  end

  describe "whose Sidekiq is killed" do
    let(:fleet) { Fleet.new }

    it "shows no wrong value, keeps no key locked and goes on by itself, however often it happens" do
      kills = Integer(ENV.fetch("KILLS", 10))
      kills.times do
        before = fleet.values.sum
        fleet.start_sidekiq
        eventually(60) { fleet.values.sum > before }
        sleep rand(0.0..1.0)
        fleet.kill_sidekiq
        expect(fleet.leases).to all(be_between(0, 2000))
        nothing_wrong
      end
      fleet.start_sidekiq
      goes_on
      nothing_wrong
      tell("Sidekiq killed #{kills} times")
    end

    it "computes a cold key once, in one job, however many threads ask" do
      jobs = lambda do |waiting|
        (fleet.redis.client.lrange("queue:external_service_reactive_caching", 0, -1) + fleet.redis.client.zrange("schedule", 0, -1))
          .count { |job| job.include?("SlowThing") } == waiting
      end
      expect(fleet.stampede).to eq(1000)
      expect(jobs.call(1)).to be(true)
      fleet.start_sidekiq
      eventually(60) { fleet.redis.client.get("computed:cold") == "1" && jobs.call(1) } # the next one
      goes_on
      expect([fleet.redis.client.get("computed:cold"), jobs.call(1)]).to eq(["1", true])
    end

    it "queues no pile of jobs while no Sidekiq is there" do
      fleet.start_sidekiq
      goes_on
      killed = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      fleet.kill_sidekiq
      sleep 5 # two lease timeouts: readers send at most one job per key and lease timeout, beside one that waited when Sidekiq was killed
      waiting = eventually { fleet.redis.client.llen("queue:external_service_reactive_caching").then { |jobs| jobs if jobs.positive? } }
      leases = ((Process.clock_gettime(Process::CLOCK_MONOTONIC) - killed) / 2).ceil
      expect(waiting).to be <= 3 * (1 + leases)
      fleet.start_sidekiq
      goes_on
    end
  end

  describe "whose Redis" do
    let(:fleet) { Fleet.new("FORGETTING" => "1") }

    it "is killed and comes back empty: readers never fail, and refreshing goes on by itself, however often it happens" do
      kills = Integer(ENV.fetch("REDIS_KILLS", 1))
      fleet.start_sidekiq
      kills.times do
        goes_on
        sleep rand(0.0..1.0)
        fleet.redis.stop("KILL")
        reads = fleet.report["reads"]
        eventually { fleet.report["reads"] > reads + 50 }
        fleet.redis.start
      end
      goes_on
      nothing_wrong
      expect(fleet.leases).to all(be_between(0, 2000))
      tell("Redis killed #{kills} times")
    end

    it "is full: readers never fail, and refreshing goes on by itself once there is room" do
      fleet.start_sidekiq
      goes_on
      fleet.redis.client.config(:set, "maxmemory", "1")
      reads = fleet.report["reads"]
      eventually { fleet.report["reads"] > reads + 200 }
      sleep 2
      fleet.redis.client.config(:set, "maxmemory", "0")
      goes_on
      nothing_wrong
      expect(fleet.leases).to all(be_between(0, 2000))
      tell("Redis full for a while")
    end
  end
end
