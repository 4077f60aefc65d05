# frozen_string_literal: true

# Runs a pod once and follows its log to the end.
# KUBECONFIG=… ruby -Ilib examples/one_off_pod.rb
require_relative "support/cluster"

module OneOffPod
  SCRIPT = "echo installing $APPLICATION; for step in 1 2 3; do echo step $step; sleep 0.1; done; echo done"

  module_function

  def pod(namespace, script)
    container = { name: "helm", image: "alpine:3.20", command: ["/bin/sh"], args: ["-c", script],
                  env: [{ name: "APPLICATION", value: "ingress" }] }
    { metadata: { name: "install-ingress", namespace: namespace, annotations: { "testcluster/run" => "true" } },
      spec: { restartPolicy: "Never", terminationGracePeriodSeconds: 0, containers: [container] } }
  end

  # @yieldparam line [String] of the pod's log
  # @return [String] the phase it ended in
  def run(client, namespace, script = SCRIPT, &line)
    created = client.create_pod(pod(namespace, script))
    await(client, namespace, created.metadata.resourceVersion, %w[Running Succeeded Failed])
    client.watch_pod_log("install-ingress", namespace, &line)
    await(client, namespace, client.get_pod("install-ingress", namespace).metadata.resourceVersion, %w[Succeeded Failed])
  end

  def await(client, namespace, version, phases)
    phase = client.get_pod("install-ingress", namespace).status.phase
    return phase if phases.include?(phase)

    client.watch_pods(namespace: namespace, field_selector: "metadata.name=install-ingress", resource_version: version) do |notice|
      phase = notice.object.status.phase
      return phase if phases.include?(phase)
    end
  end
end

Cluster.in_namespace { |client, name| puts OneOffPod.run(client, name) { |line| puts line } } if $PROGRAM_NAME == __FILE__
