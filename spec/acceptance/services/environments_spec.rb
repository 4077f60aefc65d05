# frozen_string_literal: true

require "stringio"
require_relative "../support/cluster"
require_relative "../../../lib/gitlab_kube/resources"

RSpec.describe "Environments in a real cluster", :cluster do
  let(:client) { AcceptanceCluster.client }
  let(:namespace) { AcceptanceCluster.namespace(client) }
  let(:ours) { { "app.gitlab.com/app" => "group-web", "app.gitlab.com/env" => "production" } }

  def container
    { name: "main", image: "web" }
  end

  def create_deployment(name, replicas: 2, annotations: ours, track: "stable")
    client.create_deployment(
      metadata: { name: name, namespace: namespace, annotations: annotations, labels: { track: track } },
      spec: {
        replicas: replicas, selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name, track: track }, annotations: annotations }, spec: { containers: [container] } }
      }
    )
  end

  def create_ingress(name, annotations = ours)
    backend = { service: { name: "web", port: { number: 80 } } }
    client.networking_client.create_ingress(
      metadata: { name: name, namespace: namespace, annotations: annotations }, spec: { defaultBackend: backend }
    )
  end

  def data(from = client, **options)
    GitlabKube::Services::EnvironmentData.new(from, namespace: namespace, **options).execute
  end

  # A deployment may say that it has been seen only after its pods run.
  def eventually_running(count)
    AcceptanceCluster.eventually do
      client.get_pods(namespace: namespace).pluck("status.phase").count("Running") == count &&
        client.get_deployments(namespace: namespace).pluck("metadata.generation", "status.observedGeneration").all? { |one| one.uniq.one? }
    end
  end

  describe GitlabKube::Services::EnvironmentData do
    it "answers pods, deployments and ingresses as plain Hashes of the fields GitLab shows" do
      create_deployment("web", replicas: 1)
      create_ingress("web")
      eventually_running(1)
      read = data

      pod = read[:pods].first
      expect(pod.transform_values(&:keys)).to eq(
        "metadata" => %w[name generateName labels annotations creationTimestamp], "status" => ["phase"], "spec" => ["containers"]
      )
      expect([pod.dig("metadata", "annotations"), pod["spec"]]).to eq([ours, { "containers" => [{ "name" => "main" }] }])
      deployment = read[:deployments].first
      expect(deployment["metadata"].keys).to eq(%w[name generation labels annotations])
      expect(deployment).to include("spec" => { "replicas" => 1 }, "status" => { "observedGeneration" => 1 })
      expect(read[:ingresses]).to eq([{ "metadata" => { "name" => "web", "annotations" => ours } }])
      expect(Marshal.load(Marshal.dump(read))).to eq(read)
    end

    it "answers empty Arrays for a namespace that is not there" do
      nowhere = GitlabKube::Services::EnvironmentData.new(client, namespace: "nowhere")

      expect(nowhere.execute).to eq(pods: [], deployments: [], ingresses: [])
    end

    it "answers empty Arrays for a cluster that cannot be reached, and logs its code only" do
      output = StringIO.new
      stranger = AcceptanceCluster.client(client_cert: nil, client_key: nil, auth_options: { bearer_token: "t0ken" })

      expect(data(stranger, logger: GitlabKube::Logger.new(output))).to eq(pods: [], deployments: [], ingresses: [])
      expect(JSON.parse(output.string)).to include("event" => "kube_connection_error", "status_code" => 401, "namespace" => namespace)
      expect(output.string).not_to include("t0ken")
      refused = GitlabKube::KubeClient.for_operator("http://127.0.0.1:1")
      expect(data(refused)).to eq(pods: [], deployments: [], ingresses: [])
    end

    it "is enough for a deploy board" do
      create_deployment("web", replicas: 2)
      create_deployment("canary", replicas: 1, track: "canary")
      eventually_running(3)
      create_ingress("canary", ours.merge("nginx.ingress.kubernetes.io/canary" => "true"))
      read = data
      status = GitlabKube::RolloutStatus.from_deployments(*read[:deployments], pods_attrs: read[:pods], ingresses: read[:ingresses])

      expect([status.completion, status.instances.map { |square| square[:track] }]).to eq([100, %w[canary stable stable]])
      expect(status.canary_ingress.name).to eq("canary")
    end
  end

  describe GitlabKube::RolloutStatus do
    def status
      read = data
      described_class.from_deployments(*read[:deployments], pods_attrs: read[:pods])
    end

    it "follows a real rollout: half of it pending, its replacement, all of it running" do
      create_deployment("web", replicas: 2)
      create_deployment("next", replicas: 2, annotations: ours.merge("testcluster/phase" => "Pending"))
      AcceptanceCluster.eventually do
        client.get_pods(namespace: namespace).pluck("status.phase").tally == { "Running" => 2, "Pending" => 2 }
      end
      expect([status.completion, status.complete?]).to eq([50, false])
      expect(status.instances.map { |square| square[:status] }.tally).to eq("running" => 2, "pending" => 2)

      running = { spec: { template: { metadata: { annotations: { "testcluster/phase" => nil } } } } }
      client.apps_client.merge_patch_deployment("next", running, namespace)
      AcceptanceCluster.eventually { status.complete? && client.get_pods(namespace: namespace).size == 4 }
      expect(status.instances.map { |square| square[:status] }).to eq(%w[running] * 4)
    end
  end

  describe GitlabKube::Services::Terminals do
    it "offers a terminal for each container of the environment's running pods" do
      create_deployment("web", replicas: 1)
      create_deployment("other", replicas: 1, annotations: ours.merge("app.gitlab.com/env" => "staging"))
      eventually_running(2)
      service = described_class.new(
        api_url: "https://kubernetes.example.com/prefix", namespace: namespace, token: "t0ken", ca_pem: "PEM", max_session_time: 60
      )
      terminals = service.execute(data[:pods], app: "group-web", env: "production")

      expect(terminals.size).to eq(1)
      expect(terminals.first[:url]).to start_with("wss://kubernetes.example.com/prefix/api/v1/namespaces/#{namespace}/pods/web-")
      expect(terminals.first).to include(headers: { "Authorization" => ["Bearer t0ken"] }, ca_pem: "PEM", max_session_time: 60)
      expect(service.inspect).not_to include("t0ken")
    end
  end

  describe GitlabKube::Services::UpdateCanaryIngress do
    it "shifts the traffic of the canary, and of nothing else" do
      create_ingress("stable")
      create_ingress("canary", ours.merge("nginx.ingress.kubernetes.io/canary" => "true"))

      expect(described_class.new(client, namespace: namespace).execute(data[:ingresses], weight: 25)).to be_success
      weights = data[:ingresses].to_h { |ingress| [ingress.dig("metadata", "name"), GitlabKube::Ingress.new(ingress).canary_weight] }
      expect(weights).to eq("canary" => 25, "stable" => nil)
    end

    it "says that it failed where the ingress went away" do
      gone = { "metadata" => { "name" => "gone", "annotations" => { "nginx.ingress.kubernetes.io/canary" => "true" } } }

      expect(described_class.new(client, namespace: namespace).execute([gone], weight: 1).message)
        .to eq("Failed to update the Canary Ingress.")
    end
  end

  describe GitlabKube::Services::StopEnvironment do
    def stop
      described_class.new(client, namespace: namespace, app: "group-web", env: "production").execute
    end

    it "takes its own objects out of a shared namespace, and can be repeated" do
      create_deployment("web", replicas: 1)
      create_deployment("staging", replicas: 1, annotations: ours.merge("app.gitlab.com/env" => "staging"))
      create_ingress("web")
      eventually_running(2)

      expect(stop).to eq(:objects)
      expect(client.get_deployments(namespace: namespace).pluck("metadata.name")).to eq(["staging"])
      expect(client.get_ingresses(namespace: namespace)).to be_empty
      AcceptanceCluster.eventually { client.get_pods(namespace: namespace).size == 1 }
      expect(stop).to eq(:nothing)
    end

    it "takes the namespace that was made for it alone" do
      client.core_client.merge_patch_namespace(namespace, { metadata: { labels: ours } })

      expect(stop).to eq(:namespace)
      AcceptanceCluster.eventually { stop == :nothing }
      expect { client.get_namespace(namespace) }.to raise_error(GitlabKube::ResourceNotFoundError)
    end
  end

  describe GitlabKube::Services::ConnectionStatus do
    it "is connected, or says why not" do
      stranger = AcceptanceCluster.client(client_cert: nil, client_key: nil, auth_options: { bearer_token: "nobody" })
      refused = GitlabKube::KubeClient.for_operator("http://127.0.0.1:1")

      expect(described_class.new(client, cluster_id: 7).execute).to eq(connection_status: :connected)
      expect(described_class.new(stranger, cluster_id: 7).execute)
        .to eq(connection_status: :authentication_failure, connection_error: :http_error)
      expect(described_class.new(refused, cluster_id: 7).execute)
        .to eq(connection_status: :unreachable, connection_error: :connection_error)
    end
  end

  describe GitlabKube::Node do
    let(:cluster) { Struct.new(:kubeclient, :id) }

    it "lists nodes, and why there are no metrics" do
      answer = described_class.new(cluster.new(client, 7)).all

      expect(answer[:metrics_connection_error]).to eq(:http_error)
      expect(answer).not_to have_key(:node_connection_error)
      node = answer[:nodes].first
      expect(node.keys).to eq(%w[metadata status])
      expect(node["metadata"].keys).to eq(["name"])
      expect(node["status"].transform_values(&:keys)).to eq("capacity" => %w[cpu memory], "allocatable" => %w[cpu memory])
      expect(node.dig("status", "capacity", "cpu")).to match(/\A\d+[mk]?\z/)
    end

    it "has nothing but the errors of a cluster that cannot be reached" do
      refused = GitlabKube::KubeClient.for_operator("http://127.0.0.1:1")

      expect(described_class.new(cluster.new(refused, 7)).all)
        .to eq(node_connection_error: :connection_error, metrics_connection_error: :connection_error)
    end
  end
end
