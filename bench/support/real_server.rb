# frozen_string_literal: true

require_relative "../../spec/support/test_cluster"
require_relative "server"

module Bench
  # A real control plane (testcluster/), with the same door as the replaying server.
  class RealServer < Server
    ADMIN = "bench-admin"

    def initialize # rubocop:disable Lint/MissingSuper -- no program of bench/server runs
      @cluster = TestCluster.start
      @url = @cluster.server
      @ca = @cluster.ca_pem
      @token = make_administrator
      ENV["BENCH_TOKEN"] = @token # client-go's
    end

    # Pods that nobody schedules: they are there to be listed.
    # @return [void]
    def fill(namespace, count)
      client = native
      client.create_namespace(metadata: { name: namespace })
      eventually { client.get_service_account("default", namespace) }
      numbers = (0...count).each_slice((count / 8.0).ceil)
      numbers.map { |some| Thread.new { some.each { |number| client.create_pod(pod(namespace, number)) } } }.each(&:join)
    end

    # @return [GitlabKube::KubeClient]
    def native(**options)
      super(auth_options: { bearer_token: @token }, **options)
    end

    # @return [Kubeclient::Client]
    def kubeclient(**options)
      super(auth_options: { bearer_token: @token }, **options)
    end

    # @return [nil] it does not count
    def sent
      nil
    end

    private

    def make_administrator
      role = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" }
      binding = { metadata: { name: ADMIN }, roleRef: role, subjects: [{ kind: "ServiceAccount", name: ADMIN, namespace: "default" }] }
      @cluster.post("/api/v1/namespaces/default/serviceaccounts", { metadata: { name: ADMIN } })
      @cluster.post("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", binding)
      @cluster.token_for(ADMIN, "default")
    end

    def pod(namespace, number)
      env = Array.new(60) { |i| { name: "SETTING_#{i}", value: "the value of setting number #{i} of pod #{number}" } }
      { metadata: { name: number.zero? ? "x" : "pod-#{number}", namespace: namespace, labels: { app: "bench" } },
        spec: { schedulerName: "nobody", terminationGracePeriodSeconds: 0, containers: [{ name: "one", image: "web:1", env: env }] } }
    end

    def eventually
      yield
    rescue GitlabKube::ResourceNotFoundError, GitlabKube::ForbiddenError
      sleep 0.05
      retry
    end
  end
end
