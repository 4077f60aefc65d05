# frozen_string_literal: true

require "open3"
require "pty"
require "rbconfig"
require_relative "support/cluster"

# The program as an operator starts it, on real pods.
RSpec.describe "gitlab-kube logs in a real cluster", :cluster do
  program = File.expand_path("../../exe/gitlab-kube", __dir__)
  let(:client) { AcceptanceCluster.client }
  let(:namespace) { AcceptanceCluster.namespace(client) }
  let(:kubeconfig) { AcceptanceCluster.running.kubeconfig }
  let(:words) { command(namespace: namespace, kubeconfig: kubeconfig) }

  define_method(:command) do |**options|
    [RbConfig.ruby, program, "logs", "install-web", *options.flat_map { |name, value| ["--#{name}", value] }]
  end

  def install(script, namespace = self.namespace)
    client.create_pod(
      metadata: { name: "install-web", namespace: namespace, annotations: { "testcluster/run" => "true" } },
      spec: { restartPolicy: "Never", containers: [{ name: "helm", image: "alpine", command: ["/bin/sh", "-c", script] }] }
    )
  end

  def ended
    AcceptanceCluster.eventually { client.get_pod("install-web", namespace).status.phase == "Succeeded" }
  end

  it "follows a pod line by line until Ctrl-C, and then exits 130" do
    install("echo one; sleep 3600")
    IO.popen([*words, "--follow"]) do |output|
      expect(output.gets).to eq("one\n") # the pod still sleeps
      Process.kill("INT", output.pid)
      expect(output.read).to eq("")
    end

    expect($?.exitstatus).to eq(130) # rubocop:disable Style/SpecialGlobalVars -- English's name needs a library
  end

  it "follows a pod to its end, in the namespace of GitLab's applications" do
    GitlabKube::Namespace.new("gitlab-managed-apps", client).ensure_exists!
    AcceptanceCluster.eventually { client.get_service_account("default", "gitlab-managed-apps") }
    install("echo one; sleep 0.2; echo two", "gitlab-managed-apps")

    expect(Open3.capture2e(*command(kubeconfig: kubeconfig), "--follow").then { |text, status| [text, status.exitstatus] })
      .to eq(["one\ntwo\n", 0])
  ensure
    client.delete_pod("install-web", "gitlab-managed-apps", delete_options: { gracePeriodSeconds: 0 })
  end

  it "takes escapes out on a terminal, and writes bytes as they are elsewhere" do
    install('printf "\033[31mred\033[0m\n\033]0;title\007plain\n"')
    ended
    shown = +""
    PTY.spawn(*words) do |output, _, pid|
      loop { shown << output.readpartial(1024) }
    rescue Errno::EIO # how a terminal ends
      Process.wait(pid)
    end

    expect(shown).to eq("red\r\nplain\r\n") # the terminal itself writes \r
    expect(Open3.capture2(*words).first).to eq("\e[31mred\e[0m\n\e]0;title\aplain\n")
  end

  it "exits 1 with this gem's words where the cluster refuses" do
    _, errors, status = Open3.capture3(*words)

    expect(status.exitstatus).to eq(1)
    expect(errors).to eq("gitlab-kube: HTTP status code 404, 404 Not Found\n")
  end

  it "stops quietly when nobody reads any more" do
    install("i=0; while [ $i -lt 20000 ]; do echo line; i=$((i + 1)); done")
    ended
    output, errors, = Open3.capture3("sh", "-c", '"$@" | head -n 1', "sh", *words)

    expect([output, errors]).to eq(["line\n", ""])
  end
end
