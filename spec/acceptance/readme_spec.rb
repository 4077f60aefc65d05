# frozen_string_literal: true

# The program that README.md begins with, as a stranger would run it.
require "rbconfig"
require "tmpdir"
require_relative "support/cluster"

RSpec.describe "the program in README.md", :cluster do
  root = File.expand_path("../..", __dir__)
  program = File.read(File.join(root, "README.md"))[/^```ruby\n(.*?)^```/m, 1]

  let(:client) { AcceptanceCluster.client }
  let(:namespace) { AcceptanceCluster.namespace(client) }
  # All that is not the stranger's: where the cluster is, that it is on this machine, and a pipe in place of a terminal.
  let(:changed) do
    local = "GitlabKube.configure { |config| config.local_requests_allowed = true }\n$stdout.sync = true"
    [local, program.sub("https://kubernetes.example.com", AcceptanceCluster.running.server)].join("\n")
  end

  def token
    client.create_cluster_role_binding(
      metadata: { name: namespace }, roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name: "default", namespace: namespace }]
    )
    AcceptanceCluster.running.token_for("default", namespace).tap { |token| AcceptanceCluster.eventually { may_make_namespaces?(token) } }
  end

  # The authorizer learns of a binding a moment after it is made.
  def may_make_namespaces?(token)
    AcceptanceCluster.running.post("/api/v1/namespaces?dryRun=All", { metadata: { name: "web" } }, token: token).code == "201"
  end

  def a_pod
    AcceptanceCluster.eventually { client.get_service_account("default", "web") }
    client.create_pod(metadata: { name: "web-0", namespace: "web" }, spec: { containers: [{ name: "main", image: "none" }] })
  end

  after do
    client.delete_namespace("web")
  rescue GitlabKube::ResourceNotFoundError
    nil # the program did not come so far
  end

  it "makes its namespace, and tells of a pod there" do
    Dir.mktmpdir do |directory|
      File.write(File.join(directory, "ca.pem"), AcceptanceCluster.running.ca_pem)
      command = [{ "TOKEN" => token }, RbConfig.ruby, "-I#{root}/lib", "-rgitlab_kube", "-e", changed]
      IO.popen([*command, { chdir: directory, err: %i[child out] }]) do |output|
        another = Thread.new { a_pod }
        expect(output.gets).to match(/\A(web-0 \w+|ADDED web-0)\n\z/)
      ensure
        another.kill
        Process.kill("KILL", output.pid)
      end
    end
  end
end
