# frozen_string_literal: true

require_relative "../support/held_port"
require_relative "support/cluster"

RSpec.describe GitlabKube::KubeClient, :cluster do
  let(:client) { AcceptanceCluster.client }
  let(:namespace) { AcceptanceCluster.namespace(client) }

  it "tells the server's version" do
    expect(client.server_version).to include("major" => "1", "minor" => "36")
  end

  describe "objects" do
    it "are created, read, updated, patched, applied and deleted" do
      made = client.create_config_map(metadata: { name: "files", namespace: namespace }, data: { "a.txt" => "one" })
      expect(made.metadata.uid).not_to be_nil

      made.data["a.txt"] = "two"
      client.update_config_map(made)
      expect(client.get_config_map("files", namespace).data["a.txt"]).to eq("two")

      core = client.core_client
      expect(core.patch_config_map("files", { data: { b: "3" } }, namespace).data.to_h).to eq("a.txt": "two", b: "3")
      expect(core.json_patch_config_map("files", [{ op: "remove", path: "/data/b" }], namespace).data.to_h).to eq("a.txt": "two")
      expect(core.merge_patch_config_map("files", { data: { "a.txt" => nil, c: "4" } }, namespace).data.to_h).to eq(c: "4")

      applied = { metadata: { name: "files", namespace: namespace }, data: { c: "5" } }
      expect { core.apply_config_map(applied, field_manager: "spec", force: false) }.to raise_error(GitlabKube::ConflictError)
      expect(core.apply_config_map(applied, field_manager: "spec", force: true).data.c).to eq("5")

      core.delete_config_map("files", namespace)
      expect { client.get_config_map("files", namespace) }.to raise_error(GitlabKube::ResourceNotFoundError) { |e|
                                                                expect(e.reason).to eq("NotFound")
                                                              }
    end

    it "are not made by a dry run, and not with a field that nobody knows" do
      object = { metadata: { name: "dry", namespace: namespace }, data: { a: "1" } }
      client.create_config_map(object, dry_run: true)
      expect { client.get_config_map("dry", namespace) }.to raise_error(GitlabKube::ResourceNotFoundError)
      strict = object.merge(nonsense: 1)
      expect { client.create_config_map(strict, field_validation: "Strict") }.to raise_error(GitlabKube::HttpError) { |e|
                                                                                   expect(e.error_code).to eq(400)
                                                                                 }
    end

    it "are created or updated from Hashes, too" do
      account, secret = %w[account secret].map { |name| { "metadata" => { "name" => name, "namespace" => namespace } } }
      2.times do |time|
        client.create_or_update_service_account(account)
        client.create_or_update_secret(secret.merge("stringData" => { "time" => time.to_s }))
      end
      expect(client.get_service_account("account", namespace).metadata.name).to eq("account")
      expect(client.get_secret("secret", namespace).data.time.unpack1("m")).to eq("1")
    end

    it "that exist already are said to" do
      client.create_config_map(metadata: { name: "twice", namespace: namespace })
      expect do
        client.create_config_map(metadata: { name: "twice", namespace: namespace })
      end.to raise_error(GitlabKube::ResourceAlreadyExistsError)
    end

    it "of a group named at run time are reached as well" do
      leases = client.client_for("coordination.k8s.io/v1")
      leases.create_lease(metadata: { name: "turn", namespace: namespace }, spec: { holderIdentity: "spec" })
      expect(leases.get_lease("turn", namespace).spec.holderIdentity).to eq("spec")
      expect(leases.list("leases", namespace: namespace).size).to eq(1)
    end
  end

  describe "lists" do
    before { 7.times { |i| client.create_config_map(metadata: { name: "many-#{i}", namespace: namespace, labels: { odd: i.odd?.to_s } }) } }

    it "take selectors, limits and pages" do
      odd = client.get_config_maps(namespace: namespace, label_selector: { odd: true })
      expect(odd.pluck("metadata.name").flatten).to eq(%w[many-1 many-3 many-5])
      expect(client.get_config_maps(namespace: namespace, field_selector: "metadata.name=many-2").size).to eq(1)

      pages = client.core_client.each_page("configmaps", namespace: namespace, limit: 3).to_a
      expect(pages.map(&:size).sum).to be >= 7
      expect(pages.map(&:size).max).to eq(3)
      expect(pages.last).to be_last
    end

    it "are paged from a version, and from where another list has stopped" do
      core = client.core_client
      first = core.list("configmaps", namespace: namespace, limit: 3)
      names = core.list("configmaps", namespace: namespace).pluck("metadata.name")

      exact = { resource_version: first.resource_version, resource_version_match: "Exact" }
      pages = core.each_page("configmaps", namespace: namespace, limit: 3, **exact)
      expect(pages.flat_map { |page| page.pluck("metadata.name") }).to eq(names)
      rest = core.each_page("configmaps", namespace: namespace, limit: 3, continue: first.continue)
      expect(rest.first(names.size).flat_map { |page| page.pluck("metadata.name") }).to eq(names.drop(3))
    end
  end

  describe "watches" do
    it "tell what happens, in order, and end when they are finished from another thread" do
      before = client.get_pods(namespace: namespace).resource_version # what happens before the watch begins is told, too
      stream = client.watch_pods(namespace: namespace, resource_version: before)
      seen = Queue.new
      thread = Thread.new { stream.each { |notice| seen << [notice.type, notice.object.metadata.name] } }
      pod = { metadata: { name: "watched", namespace: namespace },
              spec: { schedulerName: "nobody", containers: [{ name: "one", image: "web" }] } }
      client.create_pod(pod)
      client.core_client.patch_pod("watched", { metadata: { labels: { a: "b" } } }, namespace)
      client.delete_pod("watched", namespace, delete_options: { gracePeriodSeconds: 0 })
      events = []
      events << seen.pop until events.last&.first == "DELETED"
      stream.finish
      thread.join # or hangs
      expect(events.map(&:last).uniq).to eq(["watched"])
      expect(events.map(&:first).chunk_while { |one, other| one == other }.map(&:first)).to eq(%w[ADDED MODIFIED DELETED])
    end

    it "raise GoneError's code in an ERROR notice, or a GoneError, for a version that is too old" do
      outcome = begin
        client.watch_pods(namespace: namespace, resource_version: "1") { |notice| break notice }
      rescue GitlabKube::GoneError => e
        e
      end
      code = outcome.is_a?(GitlabKube::GoneError) ? outcome.error_code : outcome.object.code
      expect(code).to eq(410)
    end
  end

  describe "logs" do
    it "are read, and followed to their end" do
      pod = {
        metadata: { name: "talks", namespace: namespace, annotations: { "testcluster/run" => "true" } },
        spec: { restartPolicy: "Never",
                containers: [{ name: "one", image: "alpine", command: ["/bin/sh", "-c", "echo one; sleep 0.3; echo two; echo three"] }] }
      }
      client.create_pod(pod)
      AcceptanceCluster.eventually { client.get_pod("talks", namespace).status.phase != "Pending" }
      lines = []
      client.watch_pod_log("talks", namespace) { |line| lines << line }
      expect(lines).to eq(%w[one two three])
      AcceptanceCluster.eventually { client.get_pod("talks", namespace).status.phase == "Succeeded" }
      expect(client.get_pod_log("talks", namespace, tail_lines: 2).body).to eq("two\nthree\n")
      expect(client.get_pod_log("talks", namespace, timestamps: true)).to match(/\A\d{4}-\d\d-\d\dT\S+ one\n/)
    end
  end

  describe "credentials" do
    it "of a restricted namespace are good there and nowhere else" do
      client.create_or_update_service_account(GitlabKube::Resource.new(metadata: { name: "gitlab", namespace: namespace }))
      client.create_or_update_role_binding(
        GitlabKube::Resource.new(
          metadata: { name: "gitlab-#{namespace}", namespace: namespace },
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "admin" },
          subjects: [{ kind: "ServiceAccount", name: "gitlab", namespace: namespace }]
        )
      )
      token = client.create_token("gitlab", namespace).status.token
      restricted = AcceptanceCluster.client(client_cert: nil, client_key: nil, auth_options: { bearer_token: token })
      AcceptanceCluster.eventually do
        restricted.get_pods(namespace: namespace).empty?
      rescue GitlabKube::ForbiddenError
        false # the authorizer learns of the binding a moment later
      end
      ["default", "kube-system", nil].each do |elsewhere|
        expect { restricted.get_pods(namespace: elsewhere) }.to raise_error(GitlabKube::ForbiddenError)
      end
    end

    it "that are not known raise UnauthorizedError" do
      stranger = AcceptanceCluster.client(client_cert: nil, client_key: nil, auth_options: { bearer_token: "nobody" })
      expect { stranger.get_pods }.to raise_error(GitlabKube::UnauthorizedError) { |e| expect(e.message).not_to include("nobody") }
    end
  end

  describe "TLS" do
    it "takes a PEM bundle with several certificates and words between them" do
      other = AcceptanceCluster.self_signed
      bundle = "first\n#{other}\nsecond\n#{AcceptanceCluster.running.ca_pem}"
      expect(AcceptanceCluster.client(ca: bundle).server_version).to include("major" => "1")
    end

    it "refuses a server that the bundle does not vouch for" do
      expect { AcceptanceCluster.client(ca: AcceptanceCluster.self_signed).server_version }
        .to raise_error(GitlabKube::TlsError, /certificate verify failed/) { |e| expect(e.error_code).to be_nil }
    end

    it "asks an OpenSSL::X509::Store, as GitLab builds it" do
      store = OpenSSL::X509::Store.new
      store.add_cert(OpenSSL::X509::Certificate.new(AcceptanceCluster.running.ca_pem))
      expect(AcceptanceCluster.client(ca: nil, cert_store: store).server_version).to include("major" => "1")

      empty = AcceptanceCluster.client(ca: nil, cert_store: OpenSSL::X509::Store.new)
      expect { empty.server_version }.to raise_error(GitlabKube::TlsError, /certificate verify failed/)
    end
  end

  it "answers for a status page, whatever the cluster does" do
    expect(described_class.graceful_request(1) { client.core_client.discover }).to eq(status: :connected, response: true)
    HeldPort.open do |port|
      nobody = described_class.for_operator("https://127.0.0.1:#{port}")
      expect(described_class.graceful_request(1) { nobody.core_client.discover })
        .to eq(status: :unreachable, connection_error: :connection_error)
    end
  end
end
