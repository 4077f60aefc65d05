# frozen_string_literal: true

require "securerandom"
require_relative "../support/cluster"
require_relative "../../../lib/gitlab_kube/resources"

RSpec.describe "Accounts in a real cluster", :cluster do
  let(:admin) { AcceptanceCluster.client }
  let(:namespace) { "restricted-#{SecureRandom.hex(4)}" }

  def bearer(token)
    AcceptanceCluster.client(client_cert: nil, client_key: nil, auth_options: { bearer_token: token })
  end

  # The authorizer learns of a binding a moment after it is made.
  def eventually_allowed
    AcceptanceCluster.eventually do
      yield || true
    rescue GitlabKube::ForbiddenError, GitlabKube::UnauthorizedError
      false
    end
  end

  def forbidden?
    yield && false
  rescue GitlabKube::ForbiddenError
    true
  end

  describe GitlabKube::Services::RestrictedNamespace do
    let(:service) { described_class.new(admin, namespace: namespace, labels: { "app.gitlab.com/env" => "production" }) }

    it "gives a token that is good in its namespace and nowhere else" do
      credential = service.execute
      client = bearer(credential.token)

      eventually_allowed { client.get_pods(namespace: namespace) }
      expect { client.get_pods(namespace: "default") }.to raise_error(GitlabKube::ForbiddenError)
      expect { client.get_nodes }.to raise_error(GitlabKube::ForbiddenError)
      expect(credential.expires_at).to be_within(300).of(Time.now + 3600)
      expect(credential).not_to be_expired
      expect(credential.inspect).not_to include(credential.token)
      expect(admin.get_namespace(namespace).metadata.labels.to_h)
        .to include("app.gitlab.com/env": "production", "app.gitlab.com/managed_by": "gitlab")
    end

    it "can be repeated, and each time gives a token of its own" do
      expect(service.execute.token).not_to eq(service.execute.token)
    end

    it "goes on where it broke off" do
      admin.create_namespace(metadata: { name: namespace })
      admin.core_client.apply_service_account(
        { metadata: { name: "#{namespace}-service-account", namespace: namespace } }, field_manager: "somebody", force: true
      )

      eventually_allowed { bearer(service.execute.token).get_pods(namespace: namespace) }
    end

    it "binds to another role, though a binding's role cannot be changed" do
      service.execute
      viewer = described_class.new(admin, namespace: namespace, role: described_class::RoleRef.new("ClusterRole", "view"))
      client = bearer(viewer.execute.token)

      AcceptanceCluster.eventually { forbidden? { client.get_secrets(namespace: namespace) } } # the authorizer has forgotten the former
      eventually_allowed { client.get_pods(namespace: namespace) }
      expect { client.get_secrets(namespace: namespace) }.to raise_error(GitlabKube::ForbiddenError)
      expect(admin.get_role_binding("gitlab-#{namespace}-service-account", namespace).roleRef.name).to eq("view")
    end

    it "gives a token that does not expire, where one is asked for" do
      credential = described_class.new(admin, namespace: namespace, token: :secret).execute

      expect(credential.expires_at).to be_nil
      eventually_allowed { bearer(credential.token).get_pods(namespace: namespace) }
    end

    it "works for an account that may not create namespaces, in one that is there" do
      service.execute
      inside = bearer(described_class.new(admin, namespace: namespace, service_account: "inside").execute.token)
      eventually_allowed { inside.get_pods(namespace: namespace) }

      view = described_class::RoleRef.new("ClusterRole", "view")
      nested = described_class.new(inside, namespace: namespace, service_account: "nested", role: view)
      expect(nested.execute.token).to match(/\A[\w-]+\.[\w-]+\.[\w-]+\z/)
    end

    it "removes the namespace it made" do
      service.execute

      expect(service.remove).to be(true)
      AcceptanceCluster.eventually { !service.remove }
      expect { admin.get_namespace(namespace) }.to raise_error(GitlabKube::ResourceNotFoundError)
    end

    it "removes from a namespace that others made only what is its own" do
      admin.create_namespace(metadata: { name: namespace })
      service.execute
      credential = described_class.new(admin, namespace: namespace, token: :secret).execute

      expect(service.remove).to be(true)
      expect(admin.get_namespace(namespace).metadata.deletionTimestamp).to be_nil
      expect { admin.get_service_account(credential.service_account, namespace) }.to raise_error(GitlabKube::ResourceNotFoundError)
      expect { admin.get_role_binding("gitlab-#{namespace}-service-account", namespace) }.to raise_error(GitlabKube::ResourceNotFoundError)
      expect(service.remove).to be(false)
    end

    it "refuses a name Kubernetes would refuse before it makes anything" do
      expect { described_class.new(admin, namespace: "Not_A_Label") }.to raise_error(GitlabKube::InvalidArgumentError)
      expect { described_class.new(admin, namespace: "web", token: :forever) }.to raise_error(GitlabKube::InvalidArgumentError)
    end
  end

  describe GitlabKube::Services::CreateOrUpdateServiceAccount do
    it "makes an environment's account whose token works there, however often it runs" do
      2.times do
        described_class.namespace_creator(admin, service_account_name: "web-sa", service_account_namespace: namespace, rbac: true).execute
      end
      token = GitlabKube::Services::FetchToken.new(admin, "#{namespace}-token", namespace).execute

      eventually_allowed { bearer(token).get_pods(namespace: namespace) }
      expect { bearer(token).get_pods(namespace: "default") }.to raise_error(GitlabKube::ForbiddenError)
      expect(admin.get_role("gitlab-knative-serving-role", namespace).rules.first.apiGroups).to eq(["serving.knative.dev"])
    end

    it "makes the cluster's administrator" do
      2.times { described_class.gitlab_creator(admin, rbac: true).execute }
      token = GitlabKube::Services::FetchToken.new(admin, "gitlab-token", "default").execute

      eventually_allowed { bearer(token).get_nodes }
    end
  end

  describe GitlabKube::Services::FetchToken do
    before { admin.create_namespace(metadata: { name: namespace }) }

    let(:sleeps) { [] }

    def fetch(client = admin, delay: 30)
      described_class.new(client, "late", namespace, token_retry_delay: delay, sleeper: ->(seconds) { sleeps << seconds }).execute
    end

    def secret(data = {})
      { metadata: { name: "late", namespace: namespace }, data: data }
    end

    it "has the token as soon as it is written, without sleeping" do
      later = Thread.new do
        sleep 0.2
        admin.create_secret(secret)
        admin.core_client.merge_patch_secret("late", { data: { token: "dG9rZW4=" } }, namespace)
      end

      expect([fetch, sleeps]).to eq(["token", []])
      later.join
    end

    it "is nil when it never comes, after five waits" do
      expect(fetch(delay: 0.1)).to be_nil
      expect(sleeps).to all(be_between(0, 0.1))
      expect(sleeps.size).to eq(5)
    end

    it "sleeps where it may read the Secret and not watch it" do
      rules = [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }]
      admin.create_role(GitlabKube::Role.new(name: "reader", namespace: namespace, rules: rules).generate)
      admin.create_role_binding(
        GitlabKube::RoleBinding.new(name: "r", role_name: "reader", role_kind: :Role, namespace: namespace, service_account_name: "default")
          .generate
      )
      AcceptanceCluster.eventually { admin.get_service_account("default", namespace) }
      reader = bearer(admin.create_token("default", namespace).status.token)
      AcceptanceCluster.eventually do
        reader.get_secret("late", namespace)
      rescue GitlabKube::ForbiddenError
        false
      rescue GitlabKube::ResourceNotFoundError
        true
      end

      expect(fetch(reader)).to be_nil
      expect(sleeps.size).to eq(5)
      expect(sleeps).to all(be_between(20, 30))
    end

    it "raises what is not a 404" do
      expect { fetch(bearer("nobody")) }.to raise_error(GitlabKube::UnauthorizedError)
    end
  end

  describe GitlabKube::Namespace do
    it "is made once, by whoever comes first, and says so in the log" do
      output = StringIO.new
      make = -> { described_class.new(namespace, admin, labels: { a: "b" }, logger: GitlabKube::Logger.new(output)).ensure_exists! }
      results = Array.new(4) { Thread.new(&make) }.map(&:value)

      expect(results.map { |resource| resource.metadata.uid }.uniq.size).to eq(1)
      expect(output.string).to include("begin_create")
      expect(make.call.metadata.labels.a).to eq("b")
    end

    it "logs and raises what the cluster refuses" do
      output = StringIO.new
      stranger = described_class.new(namespace, bearer("nobody"), logger: GitlabKube::Logger.new(output))

      expect { stranger.ensure_exists! }.to raise_error(GitlabKube::UnauthorizedError)
      expect(JSON.parse(output.string.lines.last)).to include("event" => "failed_to_create_namespace", "status_code" => 401)
    end
  end

  it "takes every manifest as it is" do
    admin.create_namespace(GitlabKube::Namespace.new(namespace, admin, labels: { "app.gitlab.com/app" => "web" }))
    inside = { namespace: namespace }
    admin.create_service_account(GitlabKube::ServiceAccount.new("a", namespace))
    admin.create_role_binding(GitlabKube::UserBinding.new(**inside))
    admin.create_role_binding(GitlabKube::JobBinding.admin(project_id: 12, environment_slug: "production", **inside))
    admin.create_secret(GitlabKube::GenericSecret.new("s", { "ca.pem" => "Y2E=" }, namespace))
    admin.create_network_policy(GitlabKube::RunnerNetworkPolicy.new(**inside))
    admin.create_network_policy(GitlabKube::NetworkPolicy.new(name: "n", selector: nil, ingress: [], **inside))

    expect(admin.get_network_policy("runner-jobs", namespace).spec.egress.first.ports.map(&:port)).to eq([53, 53, 443, 5000])
    expect(admin.get_role_binding("ci-job-admin", namespace).subjects.first.name).to eq("gitlab:project_env:12:production")
  end
end
