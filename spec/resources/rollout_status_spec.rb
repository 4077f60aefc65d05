# frozen_string_literal: true

require_relative "../../lib/gitlab_kube/rollout_status"

RSpec.describe GitlabKube::RolloutStatus do
  def deployment(name, replicas, track: nil)
    {
      "metadata" => { "name" => name, "generation" => 4, "labels" => { "track" => track }.compact },
      "spec" => { "replicas" => replicas }, "status" => { "observedGeneration" => 4 }
    }
  end

  def pods(name, count, track: nil, phase: "Running")
    pod = { "metadata" => { "name" => name, "labels" => { "track" => track }.compact }, "status" => { "phase" => phase } }
    Array.new(count) { pod }
  end

  def square(name, phase, track)
    { status: phase.downcase, pod_name: name, tooltip: "#{name} (#{phase})", track: track, stable: track == "stable" }
  end

  describe "#completion" do
    # deployments (replicas, track), pods (count, track, phase), per cent
    [
      [[[6, "stable"], [2, "stable"]], [[2, "stable"]], 25],
      [[[2, "stable"], [7, nil]], [[2, "stable"], [1, nil]], 33],
      [[[3, "stable"], [7, "stable"]], [], 0],
      [[[2, "one"]], [[3, "one"]], 100],
      [[[2, "one"], [2, "two"]], [[2, "one"], [2, "two"]], 100],
      [[[3, "stable"], [3, "canary"]], [[3, "stable"], [3, "canary", "Pending"]], 50],
      [[[1, "stable"]], [[1, "stable"], [5, "gone"]], 100],
      [[[0, "stable"]], [], 100]
    ].each do |deployments, pods, per_cent|
      it "is #{per_cent} % for #{deployments} with #{pods}" do
        status = described_class.from_deployments(
          *deployments.map { |replicas, track| deployment("d", replicas, track: track) },
          pods_attrs: pods.flat_map { |count, track, phase| pods("p", count, track: track, phase: phase || "Running") }
        )

        expect(status.completion).to eq(per_cent)
        expect(status.complete?).to be(per_cent == 100)
      end
    end
  end

  it "puts unstable squares before stable ones and missing replicas after pods" do
    status = described_class.from_deployments(
      deployment("one", 2, track: "stable"), deployment("two", 1, track: "canary"),
      pods_attrs: pods("one", 1) + pods("two", 1, track: "canary")
    )

    expect(status.instances)
      .to eq([square("two", "Running", "canary"), square("one", "Running", "stable"), square("Not provided", "Pending", "stable")])
    expect(status.deployments.map(&:name)).to eq(%w[two one])
  end

  it "shows no more missing replicas than a page can, whatever number a cluster says, and still counts them all" do
    status = described_class.from_deployments(
      deployment("huge", (2**31) - 1, track: "canary"), deployment("other", 20_000), pods_attrs: pods("other", 5_000)
    )
    expect([status.instances.size, status.completion]).to eq([15_000, 0])
    large = described_class.from_deployments(deployment("large", 20_000), pods_attrs: pods("large", 5_000))
    expect([large.instances.size, large.completion]).to eq([15_000, 25])
    expect(GitlabKube::Deployment.new(deployment("huge", 10**30)).instances.size).to eq(10_000)
  end

  it "tells loading, found and not found apart" do
    expect(described_class.loading).to be_loading
    expect(described_class.from_deployments).to be_not_found
    expect(described_class.from_deployments(deployment("d", 1))).to be_found
  end

  it "finds the canary ingress" do
    canary = {
      "metadata" => {
        "name" => "i",
        "annotations" => { "nginx.ingress.kubernetes.io/canary" => "true", "nginx.ingress.kubernetes.io/canary-weight" => "50" }
      }
    }
    status = described_class.from_deployments(deployment("d", 1), ingresses: [{ "metadata" => { "name" => "s" } }, canary])

    expect([status.canary_ingress.name, status.canary_ingress.canary_weight]).to eq(["i", 50])
    expect(status.canary_ingress_exists?).to be(true)
    expect(described_class.from_deployments(deployment("d", 1), ingresses: [{}]).canary_ingress_exists?).to be(false)
  end

  describe GitlabKube::Ingress do
    it "has no weight unless it is a canary that says so" do
      only = [{ described_class::CANARY_WEIGHT => "50" }, { described_class::CANARY => "true" }]
      ingresses = only.map { |annotations| described_class.new({ "metadata" => { "annotations" => annotations } }) }

      expect(ingresses.map(&:canary_weight)).to all(be_nil)
    end
  end

  describe GitlabKube::Deployment do
    it "answers defaults for an empty object" do
      empty = described_class.new

      expect([empty.name, empty.labels, empty.annotations, empty.track]).to eq(["unknown", {}, {}, "stable"])
      expect([empty.stable?, empty.order, empty.outdated?, empty.wanted_instances]).to eq([true, 1, false, 0])
    end

    it "is outdated while the cluster has not observed its generation" do
      attributes = deployment("d", 1)
      attributes["status"]["observedGeneration"] = 3

      expect(described_class.new(attributes)).to be_outdated
      expect(described_class.new({ "metadata" => { "generation" => 1 } })).to be_outdated
    end

    it "has a square for each of its pods and for each replica without one" do
      all = pods("a", 1) + pods("b", 1, track: "canary")

      expect(described_class.new(deployment("d", 2), pods: all).instances)
        .to eq([square("a", "Running", "stable"), square("Not provided", "Pending", "stable")])
      expect(described_class.new(deployment("d", 0), pods: all).instances.size).to eq(1)
    end
  end

  describe GitlabKube::Pod do
    it "is named by generateName where it has no name yet, and orders stable pods last" do
      expect(described_class.new({ "metadata" => { "generateName" => "web-" } }).name).to eq("web-")
      expect(described_class.new.order).to eq(1)
      expect(described_class.new({ "metadata" => { "labels" => { "track" => "canary" } } }).order).to eq(0)
      expect(described_class.new({ "status" => { "phase" => "Running" } }).status).to eq(described_class::RUNNING)
    end
  end
end
