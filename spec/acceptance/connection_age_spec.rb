# frozen_string_literal: true

require_relative "support/cluster"
require_relative "../support/cutting_proxy"
require_relative "../support/random_writes"

# GitLab's agent server says GOAWAY to a connection after a while, and closes it after a grace, whatever is under way. Here a
# connection lives 200 ms and has 100 ms more; CONNECTION_AGES=1000 makes it last.
RSpec.describe "Connections that grow old", :cluster do
  ages = Integer(ENV.fetch("CONNECTION_AGES", "12"))

  let(:cluster) { TestCluster.start(nodes: 0, controllers: "", front_age: "200ms", front_grace: "100ms") }
  let(:counting) { CuttingProxy.new(URI(cluster.front).port) }
  let(:behind) { client("https://127.0.0.1:#{counting.port}") }
  let(:direct) { client(cluster.server) }
  let(:writer) { RandomWrites.new(direct, "default") }
  let!(:start) { direct.get_config_maps(namespace: "default").resource_version }

  after do
    counting.stop
    cluster.stop
  end

  def client(url)
    GitlabKube::KubeClient.for_operator(url, ssl_options: cluster.ssl_options)
  end

  # Every event up to the object named "last".
  def events(client, **options)
    Thread.new do
      seen = []
      client.core_client.watch_config_maps(namespace: "default", resource_version: start, **options) do |notice|
        metadata = notice.object.metadata
        seen << [notice.type, metadata.name, metadata.resourceVersion]
        break seen if metadata.name == "last"
      end
    end
  end

  # A write now and then: some fall between two connections.
  def write_until_aged(ages)
    until counting.accepted >= ages
      writer.write
      sleep 0.005
    end
    direct.create_config_map(metadata: { name: "last", namespace: "default" })
  end

  it "cost a resuming watch and an informer no event", hangs_after: 180 + (2 * ages) do
    told = Hash.new(0)
    informer = behind.core_client.informer("configmaps", namespace: "default")
    informer.subscribe { |type, object, _former| told[[type, object.metadata.name, object.metadata.resourceVersion]] += 1 }
    informer.start.wait_until_synced(30)
    all = events(direct)
    resumed = events(behind, resume: true)
    write_until_aged(ages)

    expect(resumed.value).to eq(all.value)
    AcceptanceCluster.eventually { informer.get("last", "default") }
    informer.stop
    expect(told.select { |_, times| times > 1 }).to be_empty
    expect(told.keys - [all.value].flatten(1)).to all(satisfy { |_, name, _| name == "kube-root-ca.crt" })
    expect(all.value - told.keys).to be_empty
    expect(counting.accepted).to be >= ages
  end
end
