# frozen_string_literal: true

require_relative "support/cluster"

RSpec.describe GitlabKube::SubClient, :cluster do
  let(:client) { AcceptanceCluster.client }
  let(:core) { client.core_client }
  let(:namespace) { AcceptanceCluster.namespace(client) }

  def config_map(name, **rest)
    { metadata: { name: name, namespace: namespace, **rest } }
  end

  def deployment(name, image: "app")
    { metadata: { name: name, namespace: namespace },
      spec: { replicas: 1, selector: { matchLabels: { app: name } },
              template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "app", image: image }] } } } }
  end

  describe "a collection" do
    it "is deleted by selector, and not by a dry run" do
      3.times { |i| client.create_config_map(config_map("many-#{i}", labels: { odd: i.odd?.to_s })) }
      core.delete_config_maps(namespace: namespace, label_selector: { odd: false }, dry_run: true)
      expect(core.list("configmaps", namespace: namespace, label_selector: "odd").size).to eq(3)
      core.delete_config_maps(namespace: namespace, label_selector: { odd: false })
      expect(core.list("configmaps", namespace: namespace, label_selector: "odd").map { |map| map.metadata.name }).to eq(["many-1"])
    end

    it "is not what an object without a name is" do
      client.create_config_map(config_map("kept"))
      expect { core.delete("configmaps", nil, namespace: namespace) }.to raise_error(ArgumentError)
      expect { client.delete_config_map(nil, namespace) }.to raise_error(ArgumentError)
      expect(client.get_config_map("kept", namespace).metadata.name).to eq("kept")
    end

    it "comes as metadata only, and as a table" do
      client.create_config_map(config_map("a", labels: { l: "x" }).merge(data: { k: "v" }))
      options = { namespace: namespace, label_selector: "l" }
      light = core.list("configmaps", metadata_only: true, **options).first
      expect([light.metadata.name, light.data]).to eq(["a", nil])
      expect(core.get("configmaps", "a", namespace: namespace, metadata_only: true).kind).to eq("PartialObjectMetadata")
      table = core.list("configmaps", as_table: true, **options)
      expect([table.kind, table.rows.first.cells.first, table.columnDefinitions.first.name]).to eq(%w[Table a Name])
    end
  end

  describe "every write" do
    it "can be a dry run, has a manager, and can be strict" do
      strict = { dry_run: true, field_manager: "spec", field_validation: "Strict" }
      client.create_config_map(config_map("dry"), **strict)
      expect { client.get_config_map("dry", namespace) }.to raise_error(GitlabKube::ResourceNotFoundError)

      kept = client.create_config_map(config_map("kept"))
      client.update_config_map(kept.to_h.merge(data: { a: "1" }), **strict)
      core.patch_config_map("kept", { data: { a: "1" } }, namespace, **strict)
      core.merge_patch_config_map("kept", { data: { a: "1" } }, namespace, **strict)
      core.json_patch_config_map("kept", [{ op: "add", path: "/data", value: { a: "1" } }], namespace, **strict)
      core.apply_config_map(config_map("kept").merge(data: { a: "1" }), **strict)
      core.delete_config_map("kept", namespace, dry_run: true)
      expect(client.get_config_map("kept", namespace).data).to be_nil

      managed = client.create_config_map(config_map("managed").merge(data: { a: "1" }), field_manager: "spec")
      expect(managed.metadata.managedFields.map(&:manager)).to eq(["spec"])

      unknown = { nonsense: 1 }
      [-> { client.update_config_map(kept.to_h.merge(unknown), **strict) },
       -> { core.merge_patch_config_map("kept", unknown, namespace, **strict) },
       -> { core.apply_config_map(config_map("kept").merge(unknown), **strict) }].each do |write|
        expect(&write).to raise_error(GitlabKube::HttpError)
      end
    end
  end

  describe "a subresource" do
    let(:apps) { client.apps_client.resource("deployments", namespace: namespace) }

    it "scales, and has a status of its own" do
      client.create_deployment(deployment("web"))
      expect(apps.scale("web", 3, dry_run: true).spec.replicas).to eq(3)
      expect(apps.get("web", subresource: "scale").spec.replicas).to eq(1)
      apps.scale("web", 2)
      expect(apps.get("web").spec.replicas).to eq(2)
      status = { status: { conditions: [{ type: "Spec", status: "True" }] } }
      apps.patch("web", status, strategy: :strategic_merge_patch, subresource: "status", dry_run: true)
    end

    it "changes what a pod may use" do
      container = { name: "app", image: "app", resources: { requests: { cpu: "100m" } } }
      waiting = { name: "p", namespace: namespace, annotations: { "testcluster/phase" => "Pending" } }
      client.create_pod(metadata: waiting, spec: { containers: [container] })
      more = { spec: { containers: [{ name: "app", resources: { requests: { cpu: "200m" } } }] } }
      core.resource("pods", namespace: namespace).patch("p", more, strategy: :strategic_merge_patch, subresource: "resize")
      expect(client.get_pod("p", namespace).spec.containers.first.resources.requests.cpu).to eq("200m")
    end

    it "evicts a pod, and adds an ephemeral container to one" do
      client.create_pod(metadata: { name: "p", namespace: namespace }, spec: { containers: [{ name: "app", image: "app" }] })
      pods = core.resource("pods", namespace: namespace)
      debugger = { spec: { ephemeralContainers: [{ name: "debug", image: "app", targetContainerName: "app" }] } }
      expect(pods.patch("p", debugger, subresource: "ephemeralcontainers").spec.ephemeralContainers.first.name).to eq("debug")
      pods.evict("p", dry_run: true)
      expect(client.get_pod("p", namespace).metadata.deletionTimestamp).to be_nil
      pods.evict("p")
      expect(core.wait_for("pods", "p", namespace: namespace, deleted: true)).to be_nil
    end
  end

  describe "the whole server" do
    it "says what it serves, in two requests" do
      served = client.api_resources
      pods = served.find { |row| row.api_version == "v1" && row.resource == "pods" }
      expect([pods.kind, pods.namespaced, pods.short_names]).to eq(["Pod", true, ["po"]])
      expect(pods.subresources).to include("eviction", "log")
      expect(served.map(&:api_version)).to include("apps/v1", "rbac.authorization.k8s.io/v1")
    end

    it "answers a path that no group has" do
      expect(client.raw(:get, "/readyz", as: :text)).to eq("ok")
      expect(client.raw(:get, "/api/v1/namespaces/#{namespace}").metadata.name).to eq(namespace)
      expect { client.raw(:get, "/api/../secrets") }.to raise_error(ArgumentError)
    end
  end

  describe "YAML" do
    let(:text) { <<~YAML }
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: one}
      data: {text: "a\\n---\\nb"}
      --- # two
      apiVersion: v1
      kind: List
      items:
        - {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: two}, rules: []}
    YAML

    it "is applied to where its kinds say" do
      applied = client.apply_yaml(text, field_manager: "spec", namespace: namespace)
      expect(applied.map { |object| [object.kind, object.metadata.name, object.metadata.namespace] })
        .to eq([["ConfigMap", "one", namespace], ["Role", "two", namespace]])
      expect(client.get_config_map("one", namespace).data.text).to eq("a\n---\nb")
      core.patch_config_map("one", { data: { text: "mine" } }, namespace, field_manager: "other")
      expect { client.apply_yaml(text, field_manager: "spec", namespace: namespace) }.to raise_error(GitlabKube::ConflictError)
      client.apply_yaml(text, field_manager: "spec", namespace: namespace, force: true)
    end

    it "is all of its documents, where lines end as on Windows and where one begins in the line of its marker" do
      maps = %w[one two three].map { |name| "{apiVersion: v1, kind: ConfigMap, metadata: {name: #{name}}}" }
      ["#{maps.join("\r\n---\r\n")}\r\n", maps.map { |map| "--- #{map}\n" }.join].each do |text|
        applied = client.apply_yaml(text, field_manager: "spec", namespace: namespace)
        expect(applied.map { |object| object.metadata.name }).to eq(%w[one two three])
      end
    end

    it "sends nothing where it is not objects, or has no namespace" do
      ["a: [MARKER", "- MARKER", "kind: MARKER", "a: &MARKER []\nb: *MARKER"].each do |bad|
        expect { client.apply_yaml("#{text}---\n#{bad}", field_manager: "spec", namespace: namespace) }
          .to raise_error(GitlabKube::InvalidArgumentError) { |e| expect(e.full_message).not_to include("MARKER") }
      end
      expect { client.get_config_map("one", namespace) }.to raise_error(GitlabKube::ResourceNotFoundError)
      expect { client.apply_yaml(text, field_manager: "spec") }.to raise_error(GitlabKube::InvalidArgumentError, /namespace/)
      nonsense = "apiVersion: v1\nkind: Nonsense\n"
      expect { client.apply_yaml(nonsense, field_manager: "spec") }.to raise_error(GitlabKube::InvalidArgumentError, /serve/)
    end
  end

  describe "waiting" do
    it "ends when a pod has its condition, when a rollout is done, and when a block says so" do
      client.create_deployment(deployment("web"))
      rolled = client.apps_client.wait_for_rollout("deployments", "web", namespace: namespace, timeout: 60)
      expect(rolled.status.availableReplicas).to eq(1)
      # What is rolled out already is found in the list, whose items do not say their kind.
      expect(client.apps_client.wait_for_rollout("deployments", "web", namespace: namespace, timeout: 60).metadata.name).to eq("web")
      expect { client.core_client.wait_for_rollout("pods", "web", namespace: namespace) }.to raise_error(ArgumentError, /rolled out/)
      pod = client.get_pods(namespace: namespace).first.metadata.name
      expect(core.wait_for("pods", pod, namespace: namespace, condition: "Ready", timeout: 60).metadata.name).to eq(pod)

      later = Thread.new { core.wait_for("configmaps", "late", namespace: namespace, timeout: 60) { |map| map.data&.go == "yes" } }
      client.create_config_map(config_map("late"))
      core.patch_config_map("late", { data: { go: "yes" } }, namespace)
      expect(later.value.data.go).to eq("yes")
    end

    it "ends with its timeout" do
      expect { core.wait_for("configmaps", "never", namespace: namespace, timeout: 0.3) { true } }
        .to raise_error(GitlabKube::TimeoutError, /Timed out/)
      expect { core.wait_for("configmaps", "never", namespace: namespace) }.to raise_error(ArgumentError)
    end
  end
end
