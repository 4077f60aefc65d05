# frozen_string_literal: true

require "active_support"
require "active_support/notifications"
require_relative "support/cluster"

# What watches and informers may leave out: the list before, and all but the metadata.
RSpec.describe GitlabKube::Watches, :cluster do
  let(:cluster) { AcceptanceCluster.running }
  let(:id) { Object.new } # tells these calls from those of watches that other examples have left behind in this process
  let(:client) { GitlabKube::KubeClient.for_operator(cluster.server, ssl_options: cluster.ssl_options, cluster_id: id) }
  let(:namespace) { AcceptanceCluster.namespace(client) }

  def create(name)
    client.create_config_map(metadata: { name: name, namespace: namespace }, data: { k: "v" })
  end

  # @return [Hash{String => Object}] what is known of each object that the spec has made
  def known(informer)
    informer.reject { |object| object.metadata.name == "kube-root-ca.crt" }.to_h { |object| [object.metadata.name, object.data&.k] }
  end

  # It knows what there is, and then what comes.
  # @return [Array<String>] what it asked the server to do
  def follow(value: "v", **options)
    create("a")
    informer = client.core_client.informer("configmaps", namespace: namespace, **options)
    asked_by("configmaps") do
      expect(informer.start.wait_until_synced(30)).to be(true)
      expect(known(informer)).to eq("a" => value)
      replace_a_by_b
      AcceptanceCluster.eventually { known(informer) == { "b" => value } }
    end
  ensure
    informer&.stop
  end

  # By means that nobody counts.
  def replace_a_by_b
    path = "/api/v1/namespaces/#{namespace}/configmaps"
    cluster.post(path, { metadata: { name: "b" }, data: { k: "v" } })
    cluster.delete("#{path}/a")
  end

  def asked_by(resource, &block)
    asked = Queue.new
    seen = ->(*, facts) { asked << facts[:verb].to_s if facts.values_at(:cluster_id, :resource) == [id, resource] }
    ActiveSupport::Notifications.subscribed(seen, "request.gitlab_kube", &block)
    Array.new(asked.size) { asked.pop }
  end

  it "begin an informer with events, and go on in the same stream" do
    expect(follow(send_initial_events: true)).to eq(%w[watch])
  end

  it "begin an informer with a list otherwise" do
    expect(follow).to eq(%w[list watch])
  end

  it "keep the metadata only, of a list and of events" do
    expect(follow(metadata_only: true, value: nil)).to eq(%w[list watch])
    client.delete_config_map("b", namespace)
    expect(follow(metadata_only: true, send_initial_events: true, value: nil)).to eq(%w[watch])
  end

  it "tell the metadata only" do
    start = client.core_client.list("configmaps", namespace: namespace).resource_version
    create("a")
    notice = client.core_client.watch_config_maps(namespace: namespace, resource_version: start, metadata_only: true).first
    expect([notice.type, notice.object.kind, notice.object.metadata.name, notice.object.data])
      .to eq(["ADDED", "PartialObjectMetadata", "a", nil])
  end

  context "with a server that cannot begin with events" do
    let(:cluster) { TestCluster.start(nodes: 0, controllers: "", apiserver_args: "--feature-gates=WatchList=false") }
    let(:namespace) { "default" }

    after { cluster.stop }

    it "begin an informer with a list" do
      expect(follow(send_initial_events: true)).to eq(%w[watch list watch])
    end
  end
end
