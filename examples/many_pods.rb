# frozen_string_literal: true

# Makes many pods with eight threads on one client, then lists them all.
# KUBECONFIG=… ruby -Ilib examples/many_pods.rb [COUNT]
require_relative "support/cluster"

module ManyPods
  THREADS = 8

  module_function

  # Nobody schedules these pods: they are there to be listed.
  def pod(namespace, number)
    { metadata: { name: "pod-#{number}", namespace: namespace, labels: { app: "many", number: number.to_s } },
      spec: { schedulerName: "nobody", terminationGracePeriodSeconds: 0, containers: [{ name: "one", image: "web:1" }] } }
  end

  def make(client, namespace, count)
    numbers = Queue.new
    count.times { |number| numbers << number }
    Array.new(THREADS) do
      Thread.new do
        loop { client.create_pod(pod(namespace, numbers.pop(true))) }
      rescue ThreadError
        nil # no number is left
      end
    end.each(&:join)
  end

  # @return [Array] count, and how many are in each phase
  def list(client, namespace)
    pods = client.get_pods(namespace: namespace, label_selector: { app: "many" })
    [pods.size, pods.pluck("status.phase").flatten.tally]
  end
end

if $PROGRAM_NAME == __FILE__
  Cluster.in_namespace do |client, name|
    ManyPods.make(client, name, Integer(ARGV.fetch(0, 100)))
    puts ManyPods.list(client, name).inspect
  end
end
