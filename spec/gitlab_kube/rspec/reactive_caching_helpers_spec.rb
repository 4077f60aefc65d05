# frozen_string_literal: true

require "gitlab_kube/rspec/exclusive_lease_helpers"
require "gitlab_kube/rspec/reactive_caching_helpers"
require_relative "../../support/reactive_engines"

# A class that is specified with the helpers.
class HelpedThing
  include GitlabKube::ReactiveCaching

  self.reactive_cache_work_type = :external_dependency
  self.reactive_cache_worker_finder = ->(*) {}

  def id
    1
  end

  def calculate_reactive_cache(*args)
    ["computed", *args]
  end
end

RSpec.describe GitlabKube::RSpec::ReactiveCachingHelpers do
  include described_class
  include GitlabKube::RSpec::ExclusiveLeaseHelpers

  let(:thing) { HelpedThing.new }

  ReactiveEngines::ALL.each do |name, make|
    describe "with the #{name} engine" do
      let!(:bench) { make.call.tap { |bench| GitlabKube::ReactiveCaching.engine = bench.engine } }

      after { GitlabKube::ReactiveCaching.engine = nil }

      it "names the keys" do
        expect(reactive_cache_key(thing, "a", 2)).to eq("helped_thing:1:a:2")
        expect(alive_reactive_cache_key(thing)).to eq("helped_thing:1:alive")
      end

      it "stubs a cached value and queues nothing" do
        stub_reactive_cache(thing, { pods: [] }, "x")
        expect(thing.with_reactive_cache("x") { |data| data }).to eq(pods: [])
        expect(thing.with_reactive_cache("cold")).to be_nil
        expect(bench.jobs).to eq(0)
      end

      it "computes at once where it is told to" do
        synchronous_reactive_cache(thing)
        expect(thing.with_reactive_cache("now") { |data| data }).to eq(%w[computed now])
      end

      it "writes, reads, ends and begins a lifetime" do
        expect(reactive_cache_alive?(thing)).to be(false)
        write_reactive_cache(thing, 7)
        expect([read_reactive_cache(thing), reactive_cache_alive?(thing)]).to eq([7, true])
        invalidate_reactive_cache(thing)
        expect([read_reactive_cache(thing), reactive_cache_alive?(thing)]).to eq([nil, false])
        start_reactive_cache_lifetime(thing)
        expect([read_reactive_cache(thing), reactive_cache_alive?(thing)]).to eq([nil, true])
      end

      it "computes at once in a web request, too: the cluster is a stub" do
        calling = Class.new(HelpedThing) { def calculate_reactive_cache = ["computed", GitlabKube::WebRequestGuard.check!] }.new
        synchronous_reactive_cache(calling)
        page = GitlabKube::WebRequestGuard.new(->(_env) { [200, {}, calling.with_reactive_cache { |data| data.first(1) }] }, mode: :raise)
        _, _, body = page.call({})
        expect(body.to_enum.to_a).to eq(["computed"])
      ensure
        body&.close
      end

      it "expects the next refresh" do
        stub_reactive_cache
        start_reactive_cache_lifetime(thing)
        expect_reactive_cache_update_queued(thing)
        thing.exclusively_update_reactive_cache!
        expect(read_reactive_cache(thing)).to eq(["computed"])
      end

      it "says that another holds the lease: nothing is computed" do
        stub_reactive_cache
        start_reactive_cache_lifetime(thing)
        stub_exclusive_lease_taken(reactive_cache_key(thing), timeout: thing.reactive_cache_lease_timeout)
        thing.exclusively_update_reactive_cache!
        expect(read_reactive_cache(thing)).to be_nil
      end

      it "expects the lease to be taken and given back" do
        stub_reactive_cache
        start_reactive_cache_lifetime(thing)
        expect_to_obtain_exclusive_lease(reactive_cache_key(thing), "proof")
        expect_to_cancel_exclusive_lease(reactive_cache_key(thing), "proof")
        thing.exclusively_update_reactive_cache!
        expect(read_reactive_cache(thing)).to eq(["computed"])
      end
    end
  end
end
