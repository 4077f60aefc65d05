# frozen_string_literal: true

require "logger"
require "stringio"
require_relative "support/cluster"
require_relative "../support/cutting_proxy"
require_relative "../support/random_writes"

# A real server behind a bad network. INFORMER_WRITES=20000 makes it long: a connection is cut every hundred writes, every
# thousand the server is away for so long that what was missed has been compacted, and every four thousand it is restarted.
RSpec.describe GitlabKube::Informer, :cluster do
  writes = Integer(ENV.fetch("INFORMER_WRITES", "1000"))
  let(:writes) { writes }
  let(:namespace) { "default" }

  # Without a watch cache the server answers from etcd, so what is compacted is gone: 410.
  let(:cluster) { TestCluster.start(nodes: 0, controllers: "", etcd_compaction: "1s", apiserver_args: "--watch-cache=false") }
  let(:proxy) { CuttingProxy.new(URI(cluster.server).port) }
  let(:informer) { client("https://127.0.0.1:#{proxy.port}").core_client.informer("configmaps", namespace: namespace) }
  let(:writer) { RandomWrites.new(client(cluster.server), namespace) }

  let(:log) { StringIO.new }

  before { GitlabKube.config.logger = Logger.new(log) }

  after do
    GitlabKube.config.logger = nil
    informer.stop
    proxy.stop
    cluster.stop
  end

  def client(url)
    GitlabKube::KubeClient.for_operator(url, ssl_options: cluster.ssl_options)
  end

  def versions(objects)
    objects.to_h { |object| [object.metadata.name, object.metadata.resourceVersion] }
  end

  # What a subscriber believes, and every deletion it was told, by uid.
  def follow
    believed = {}
    deleted = Hash.new(0)
    informer.subscribe do |type, object, _former|
      type == "DELETED" ? believed.delete(object.metadata.name) : believed[object.metadata.name] = object
      deleted[object.metadata.uid] += 1 if type == "DELETED"
    end
    [believed, deleted]
  end

  # One write, and now and then a bad moment. A cut comes when the watch has caught up, so that each one hits a watch.
  def disturb(number)
    name, version = writer.write
    restart if number % 4000 == 420
    return unless (number % 100) == 50

    AcceptanceCluster.eventually(60) { informer.last_error.nil? && informer.get(name, namespace)&.metadata&.resourceVersion == version }
    (number % 1000) == 950 ? proxy.away { compacted } : proxy.cut(reset: number % 200 == 50)
  end

  # Nobody knows at this moment whether the informer has heard of the last writes.
  def restart
    cluster.restart_apiserver
    @restarts = @restarts.to_i + 1
  end

  # The server compacts every second what was there a second before: while one writes, what there is now will soon be gone.
  def compacted
    core = client(cluster.server).core_client
    now = core.list("configmaps", namespace: namespace).resource_version
    loop { writer.write && core.list("configmaps", namespace: namespace, resource_version: now, resource_version_match: "Exact") }
  rescue GitlabKube::GoneError
    nil
  end

  it "has what a fresh list has, after random writes, cuts, compactions and restarts of the server", hangs_after: 180 + (writes / 10) do
    believed, deleted = follow
    expect(informer.start.wait_until_synced(30)).to be(true)
    writes.times { |number| disturb(number) }

    fresh = versions(client(cluster.server).get_config_maps(namespace: namespace))
    AcceptanceCluster.eventually(90) { versions(informer) == fresh }
    informer.stop
    expect(versions(believed.values)).to eq(fresh)
    expect(deleted.values.uniq).to eq([1])
    expect(proxy.cuts).to be >= writes / 100
    expect(@restarts).to eq((writes / 4000.0).ceil)
    expect(log.string.scan("GoneError").size).to be >= writes / 1000
    RSpec.configuration.reporter.message("#{writer.count} writes, #{proxy.cuts} cuts, #{@restarts} restarts, #{deleted.size} deletions, " \
                                         "#{log.string.scan('GoneError').size} times 410, #{fresh.size} objects in the end")
  end
end
