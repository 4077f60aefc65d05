# frozen_string_literal: true

require_relative "support/cluster"
require_relative "../support/puma_cluster"

# Forks of a process that has open connections, in the ways Puma makes them, while people are waiting for answers.
RSpec.describe PumaCluster, :cluster do
  let(:puma) { described_class.new(AcceptanceCluster.running.kubeconfig, *options) }

  before(:context) do
    AcceptanceCluster.client.create_config_map(metadata: { name: "asked-for", namespace: "default" }, data: { k: "v" })
  end

  after { puma.stop }

  after(:context) { AcceptanceCluster.client.delete_config_map("asked-for", "default") }

  def no_failure
    expect(Array.new(puma.failures.size) { puma.failures.pop }).to be_empty
  end

  # @yieldparam workers [Array<Integer>] those that answer now
  def until_workers(&block)
    AcceptanceCluster.eventually(60) { block.call(puma.workers) }
  end

  context "with the application loaded before the fork" do
    let(:options) { %w[--preload] }

    it "fails no request while workers are added and replaced" do
      first = until_workers { |workers| workers if workers.size == 2 }
      puma.signal("TTIN")
      until_workers { |workers| workers.size == 3 }
      first.each { |worker| Process.kill("TERM", worker) }
      until_workers { |workers| workers.size == 3 && (workers & first).empty? }
      no_failure
    end
  end

  context "with workers that are forked from the first worker" do
    let(:options) { %w[--fork-worker] }

    it "fails no request in a refork and in a phased restart" do
      first = until_workers { |workers| workers if workers.size == 2 }
      puma.signal("URG")
      reforked = until_workers { |workers| workers if workers.size == 2 && (workers & first).size == 1 }
      puma.signal("USR1")
      until_workers { |workers| workers.size == 2 && (workers & reforked).empty? }
      no_failure
    end
  end
end
