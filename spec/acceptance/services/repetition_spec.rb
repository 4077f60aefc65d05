# frozen_string_literal: true

require "securerandom"
require_relative "../support/cluster"
require_relative "../../../lib/gitlab_kube/resources"

# A restricted namespace that breaks off anywhere, or is made by many at once, is the same in the end.
RSpec.describe GitlabKube::Services::RestrictedNamespace, :cluster do
  # No StandardError: nothing in between may take it for an answer. Raised instead of a request, it is a process killed before it.
  killed = Class.new(Exception) # rubocop:disable Lint/InheritException

  let(:admin) { AcceptanceCluster.client }

  before { admin.get_namespace("default") && admin.rbac_client.get_cluster_role("admin") } # discovery is known

  after { GitlabKube.interceptor = nil }

  def name
    "repeated-#{SecureRandom.hex(4)}"
  end

  def service(namespace, **options)
    described_class.new(admin, namespace: namespace, **options)
  end

  # One thread sends one request after another, so their number is their depth. Other threads are those of watches that other examples
  # have left behind.
  def kill_before(number, error)
    sent = 0
    ours = Thread.current
    GitlabKube.interceptor = lambda do |_request, &send|
      raise error if Thread.current.equal?(ours) && (sent += 1) == number

      send.call
    end
    yield
    sent
  ensure
    GitlabKube.interceptor = nil
  end

  # Without what each making of it gives anew.
  def state(namespace)
    account = admin.get_service_account("#{namespace}-service-account", namespace)
    binding = admin.get_role_binding("gitlab-#{namespace}-service-account", namespace)
    made = { namespace: admin.get_namespace(namespace), account: account, binding: binding }
    all = admin.core_client.get_service_accounts(namespace: namespace).size - 1 # Kubernetes makes "default"
    objects = made.transform_values { |object| plain(object) }
    JSON.parse(JSON.generate(objects.merge(bindings: admin.rbac_client.get_role_bindings(namespace: namespace).size, all: all))
      .gsub(namespace, "NAME"))
  end

  def plain(object)
    object.to_h.merge(metadata: object.metadata.to_h.slice(:name, :namespace, :labels, :annotations)).except(:status)
  end

  def eventually_state(namespace)
    AcceptanceCluster.eventually { admin.get_service_account("default", namespace) }
    state(namespace)
  end

  it "ends in the same state, with a token, when it is killed before any of its requests and started again" do
    whole = name
    service(whole).execute
    expected = eventually_state(whole)
    count = nil
    (1..).each do |number|
      namespace = name
      count = kill_before(number, killed) { service(namespace).execute }
      break # it was not killed: it has no such request
    rescue killed
      expect(service(namespace).execute.token).not_to be_empty
      expect(eventually_state(namespace)).to eq(expected), "killed before request #{number}"
    end

    expect(count).to eq(4)
  end

  it "needs at most 5 sequential round trips, a token included, once the server's kinds are known" do
    expect(kill_before(nil, killed) { service(name).execute }).to be_between(1, 5)
  end

  it "ends in the same state when 20 make it at once, and each has a token" do
    alone = name
    service(alone).execute
    namespace = name
    gate = Queue.new
    tokens = Array.new(20) { Thread.new { gate.pop && service(namespace).execute.token } }
    20.times { gate << true }

    expect(tokens.map(&:value).uniq.size).to eq(20)
    expect(eventually_state(namespace)).to eq(eventually_state(alone))
  end
end
