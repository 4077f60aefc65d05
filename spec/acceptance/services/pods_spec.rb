# frozen_string_literal: true

require "socket"
require "stringio"
require_relative "../support/cluster"
require_relative "../../../lib/gitlab_kube/resources"

RSpec.describe "Pods that run once in a real cluster", :cluster do
  let(:client) { AcceptanceCluster.client }
  let(:namespace) { AcceptanceCluster.namespace(client) }

  def pod(script, name: "job")
    GitlabKube::Resource.new(
      metadata: { name: name, namespace: namespace, annotations: { "testcluster/run" => "true" } },
      spec: { restartPolicy: "Never", containers: [{ name: "main", image: "alpine", command: ["/bin/sh", "-c", script] }] }
    )
  end

  describe GitlabKube::Services::OneOffPod do
    def job(script, **options)
      described_class.new(client, pod(script, **options)).tap(&:start)
    end

    it "is followed line by line to its success, and removed" do
      lines = []
      job = job("echo one; sleep 0.2; echo two")

      expect(job.wait(timeout: 60) { |line| lines << line }).to eq("Succeeded")
      expect(lines).to eq(%w[one two])
      expect(job.log).to eq("one\ntwo\n")
      expect([job.phase, job.remove]).to eq(["Succeeded", true])
      AcceptanceCluster.eventually { !job.remove }
    end

    it "is waited for without its log, to its failure" do
      expect(job("exit 3").wait(timeout: 60)).to eq("Failed")
    end

    it "takes the place of one left over" do
      first = job("echo old; sleep 3600")
      uid = client.get_pod("job", namespace).metadata.uid
      again = job("echo new")

      expect(again.wait(timeout: 60)).to eq("Succeeded")
      expect(client.get_pod("job", namespace).metadata.uid).not_to eq(uid)
      expect(first.log).to eq("new\n")
    end

    it "is given up on in time, though its log is silent" do
      job = job("echo begun; sleep 3600")
      AcceptanceCluster.eventually { job.phase == "Running" && job.log == "begun\n" }
      lines = []

      expect { job.wait(timeout: 3) { |line| lines << line } }.to raise_error(described_class::TimedOut)
      expect(lines).to eq(["begun"])
      job.remove
    end

    it "raises ResourceNotFoundError when somebody removes it" do
      job = job("sleep 3600")
      Thread.new { sleep(0.3) && job.remove }

      expect { job.wait(timeout: 60) }.to raise_error(GitlabKube::ResourceNotFoundError)
    end

    it "needs a name and a namespace" do
      expect { described_class.new(client, GitlabKube::Resource.new(metadata: { name: "a" })) }.to raise_error(ArgumentError)
    end
  end

  describe GitlabKube::Services::Applications do
    # What an application's record is to the services.
    let(:record) do
      Class.new do
        attr_reader :id, :name, :state, :status_reason, :waits, :cluster, :destroyed
        attr_accessor :updated_at, :destroy_error

        def initialize
          @id = 1
          @name = "ingress"
          @state = :scheduled
          @updated_at = Time.now
        end

        %i[scheduled installing updating uninstalling].each { |state| define_method(:"#{state}?") { @state == state } }
        %i[installing updating uninstalling installed].each { |state| define_method(:"make_#{state}!") { @state = state } }

        def make_errored!(reason)
          @state = :errored
          @status_reason = reason
        end

        def install_command
          GitlabKube::Helm::V3::InstallCommand.new(name: name, chart: "stable/nginx", rbac: true, files: { "values.yaml": "a: 1" })
        end

        def update_command
          GitlabKube::Helm::V3::PatchCommand.new(name: name, chart: "stable/nginx", version: "1", rbac: true, files: { values: "b: 2" })
        end

        def uninstall_command
          GitlabKube::Helm::V3::DeleteCommand.new(name: name, rbac: true, files: {})
        end

        def post_uninstall; end

        def destroy!
          raise destroy_error if destroy_error

          @destroyed = true
        end
      end
    end
    let(:app) { record.new }
    let(:waits) { [] }
    let(:output) { StringIO.new }
    let(:log) { output.string.lines.map { |line| JSON.parse(line) } }

    after do
      pods = client.get_pods(namespace: "gitlab-managed-apps")
      pods.each { |pod| client.delete_pod(pod.metadata.name, "gitlab-managed-apps", delete_options: { gracePeriodSeconds: 0 }) }
    end

    def options(from = client)
      { client: from, wait: ->(app) { waits << app }, logger: GitlabKube::Logger.new(output) }
    end

    def start(operation, from = client)
      described_class::Start.new(app, operation, **options(from)).execute
    end

    def check(operation, **more)
      described_class::CheckProgress.new(app, operation, **options, **more).execute
    end

    def settle(pod, phase)
      client.core_client.merge_patch_pod(pod, { status: { phase: phase } }, "gitlab-managed-apps", subresource: "status")
    end

    it "is installed: scheduled, a pod with its files, watched, done, its pod removed" do
      start(:install)
      expect([app.state, waits]).to eq([:installing, [app]])
      expect(client.get_config_map("values-content-configuration-ingress", "gitlab-managed-apps").data["values.yaml"]).to eq("a: 1")
      expect(client.get_pod("install-ingress", "gitlab-managed-apps").spec.serviceAccountName).to eq("tiller")

      check(:install)
      expect([app.state, waits.size]).to eq([:installing, 2])

      settle("install-ingress", "Succeeded")
      check(:install)
      expect(app.state).to eq(:installed)
      AcceptanceCluster.eventually { !client.get_pods(namespace: "gitlab-managed-apps").pluck("metadata.name").include?("install-ingress") }
      expect(log.map { |line| line["event"] }).to eq(%w[begin_create begin_install schedule_wait_for_installation].last(2))
    end

    it "stores that its pod failed, by the pod's name" do
      start(:patch)
      settle("install-ingress", "Failed")
      check(:patch)

      expect(app.status_reason).to eq("Operation failed. Check pod logs for install-ingress for more details.")
    end

    it "stores that it took too long" do
      start(:upgrade)
      check(:upgrade, clock: -> { Time.now + 1201 })

      expect(app.status_reason).to eq("Operation timed out. Check pod logs for install-ingress for more details.")
    end

    it "is uninstalled and destroyed, or stores that it could not be destroyed" do
      start(:uninstall)
      settle("uninstall-ingress", "Succeeded")
      app.destroy_error = RuntimeError.new("locked")
      check(:uninstall)
      expect(app.status_reason).to eq("Application uninstalled but failed to destroy: locked")
    end

    it "does nothing unless it is scheduled, or going on" do
      app.make_installed!
      start(:install)
      check(:install)

      expect([app.state, waits, log]).to eq([:installed, [], []])
    end

    it "stores the code of a cluster's refusal, and logs it without the cluster's words" do
      stranger = AcceptanceCluster.client(client_cert: nil, client_key: nil, auth_options: { bearer_token: "nobody" })
      start(:install, stranger)

      expect([app.state, app.status_reason]).to eq([:errored, "Kubernetes error: 401"])
      expect(log.last).to include("error_code" => 401, "app_name" => "ingress")
    end

    { install: "Failed to install.", upgrade: "Failed to upgrade.", patch: "Failed to update.", uninstall: "Failed to uninstall." }
      .each do |operation, words|
        it "stores #{words.inspect} for anything else that goes wrong" do
          start(operation, GitlabKube::KubeClient.for_operator("http://127.0.0.1:1"))

          expect(app.status_reason).to eq(words)
        end
      end
  end

  describe GitlabKube::Services::Prometheus do
    it "is asked through the API server" do
      server = TCPServer.new("127.0.0.1", 0)
      answering = Thread.new { loop { answer(server.accept) } }
      serve("127.0.0.1:#{server.addr[1]}")
      prometheus = described_class.new(client, namespace: namespace, service: "prometheus")

      expect(eventually_answered { prometheus.query("up", time: 5) }).to eq([{ "value" => [5, "1"] }])
      expect(prometheus).to be_healthy
    ensure
      answering&.kill
      server&.close
    end

    def serve(address)
      client.create_pod(
        metadata: {
          name: "prometheus", namespace: namespace, labels: { app: "prometheus" }, annotations: { "testcluster/serve" => address }
        },
        spec: { containers: [{ name: "main", image: "prometheus", ports: [{ containerPort: 9090 }] }] }
      )
      client.core_client.create_service(
        metadata: { name: "prometheus", namespace: namespace },
        spec: { selector: { app: "prometheus" }, ports: [{ port: 80, targetPort: 9090 }] }
      )
    end

    def answer(socket)
      path = socket.gets.split[1]
      nil until socket.gets == "\r\n"
      body = path == "/-/healthy" ? "Prometheus is Healthy.\n" : '{"status":"success","data":{"result":[{"value":[5,"1"]}]}}'
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: #{body.bytesize}\r\nConnection: close\r\n\r\n#{body}")
      socket.close
    end

    # The service finds its pod a moment later: 503 until then.
    def eventually_answered
      AcceptanceCluster.eventually do
        yield
      rescue described_class::UnexpectedResponseError
        false
      end
    end
  end
end
