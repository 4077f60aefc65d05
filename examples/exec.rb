# frozen_string_literal: true

# Runs commands in a container, and copies a file there and back.
# KUBECONFIG=… ruby -Ilib examples/exec.rb
require_relative "support/cluster"
require "tmpdir"

module Exec
  module_function

  # Runs for as long as the example does. On the test cluster `testcluster/run` makes it a real process.
  def pod(name, namespace)
    container = { name: "main", image: "busybox", command: %w[sleep 600] }
    { metadata: { name: name, namespace: namespace, annotations: { "testcluster/run" => "true" } },
      spec: { terminationGracePeriodSeconds: 0, containers: [container] } }
  end

  def start(client, name, namespace)
    client.create_pod(pod(name, namespace))
    sleep 0.1 until client.get_pod(name, namespace).status.phase == "Running"
  end

  def copy(core, name, namespace)
    Dir.mktmpdir do |directory|
      File.write("#{directory}/there", "carried\n")
      core.copy_to_pod(name, namespace, "#{directory}/there", "/tmp/file")
      core.copy_from_pod(name, namespace, "/tmp/file", "#{directory}/back")
      File.read("#{directory}/back")
    end
  end
end

if $PROGRAM_NAME == __FILE__
  client = Cluster.client
  core = client.core_client
  name = "example-#{Process.pid}"
  begin
    client.create_namespace(metadata: { name: name })
    sleep 0.1 while client.core_client.get_service_accounts(namespace: name).empty?
    Exec.start(client, "shell", name)
    result = core.exec("shell", name, ["sh", "-c", "tr a-z A-Z; exit 3"], stdin: "hello\n")
    puts "#{result.stdout.chomp}, exit code #{result.exit_code}"
    core.exec("shell", name, "sh") do |session|
      session.write("echo one; echo two >&2; exit\n")
      session.each_output { |output, bytes| puts "#{output}: #{bytes}" }
    end
    puts "file: #{Exec.copy(core, 'shell', name)}"
  ensure
    client.delete_namespace(name)
  end
end
