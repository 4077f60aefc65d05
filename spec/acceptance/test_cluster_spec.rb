# frozen_string_literal: true

require "socket"
require_relative "../support/test_cluster"

# What every acceptance spec and the demo rely on, checked without the gem.
RSpec.describe TestCluster do
  cluster = nil
  before(:all) { cluster = described_class.start }
  after(:all) { cluster&.stop }

  def eventually(seconds = 30)
    deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + seconds
    until (result = yield)
      raise "not within #{seconds} s" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > deadline

      sleep 0.05
    end
    result
  end

  def body(answer)
    JSON.parse(answer.body)
  end

  def commands
    Dir["/proc/[0-9]*/cmdline"].map do |file|
      File.read(file).tr("\0", " ").strip
    rescue SystemCallError
      "" # it ended meanwhile
    end
  end

  def alive?(pid)
    !File.read("/proc/#{pid}/stat").match?(/\) Z /)
  rescue Errno::ENOENT, Errno::ESRCH
    false
  end

  define_method(:run_pod) do |name, container, spec = {}|
    pod = { metadata: { name: name, annotations: { "testcluster/run" => "true" } },
            spec: { restartPolicy: "Never", containers: [{ name: "main", image: "none" }.merge(container)] }.merge(spec) }
    answer = cluster.post("/api/v1/namespaces/default/pods", pod)
    expect(answer.code).to eq("201"), answer.body
  end

  define_method(:pod) { |name| body(cluster.get("/api/v1/namespaces/default/pods/#{name}")) }
  define_method(:log) { |name, query = ""| cluster.get("/api/v1/namespaces/default/pods/#{name}/log#{query}").body }

  define_method(:ended) do |name|
    eventually { %w[Succeeded Failed].include?(pod(name).dig("status", "phase")) }
    pod(name)["status"]
  end

  it "says the version that clients parse" do
    expect(body(cluster.get("/version"))).to include("major" => "1", "gitVersion" => /\Av1\.\d+\.\d+\z/)
  end

  it "fills the aggregated roles" do
    %w[admin edit view].each do |role|
      expect(body(cluster.get("/apis/rbac.authorization.k8s.io/v1/clusterroles/#{role}"))["rules"].size).to be > 3
    end
  end

  it "mints tokens that are known and allowed nothing" do
    token = cluster.token_for("default", "default")
    expect(cluster.get("/api/v1/namespaces/default/pods", token: token).code).to eq("403")
    expect(cluster.get("/api/v1/namespaces/default/pods", token: "#{token}x").code).to eq("401")
  end

  it "runs a pod to its success, with its log" do
    run_pod("succeeds", { command: ["/bin/sh", "-c"], args: ["echo out $(WHO); echo err >&2"], env: [{ name: "WHO", value: "me" }] })
    status = ended("succeeds")
    expect(status["phase"]).to eq("Succeeded")
    expect(status.dig("containerStatuses", 0, "state", "terminated")).to include("exitCode" => 0, "reason" => "Completed")
    expect(log("succeeds").lines).to contain_exactly("out me\n", "err\n")
    expect(log("succeeds", "?timestamps=true")).to match(/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /)
  end

  it "runs a pod to its failure, with its exit code" do
    run_pod("fails", { command: ["/bin/sh", "-c", "printf unfinished; exit 3"] })
    status = ended("fails")
    expect(status["phase"]).to eq("Failed")
    expect(status.dig("containerStatuses", 0, "state", "terminated")).to include("exitCode" => 3, "reason" => "Error")
    expect(log("fails")).to eq("unfinished")
  end

  it "gives a pod its ConfigMap, and its init container's file", if: Process.uid.zero? do
    cluster.post("/api/v1/namespaces/default/configmaps", { metadata: { name: "given" }, data: { "a" => "1", "b" => "2" } })
    run_pod("mounts", { command: ["/bin/sh", "-c", "echo $A; cat shared; cd ../config; echo *; cat below/b"], workingDir: "/data",
                        env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "given", key: "a" } } }],
                        volumeMounts: [{ name: "config", mountPath: "/config" }, { name: "data", mountPath: "/data" }] },
            { initContainers: [{ name: "first", image: "none", command: ["/bin/sh", "-c", "echo was here > /data/shared"],
                                 volumeMounts: [{ name: "data", mountPath: "/data" }] }],
              volumes: [{ name: "data", emptyDir: {} },
                        { name: "config", configMap: { name: "given", items: [{ key: "b", path: "below/b" }] } }] })
    ended("mounts")
    expect(log("mounts")).to eq("1\nwas here\nbelow\n2")
  end

  it "runs a pod as nobody, without a network", if: Process.uid.zero? do
    run_pod("alone", { command: ["/bin/sh", "-c", "id -u; cat /proc/net/route | wc -l; ls /tmp | wc -l; touch /etc/mine && echo wrote"] })
    ended("alone")
    expect(log("alone").lines.first(3)).to eq(%W[65534\n 1\n 0\n])
    expect(File).not_to exist("/etc/mine")
  end

  it "offers itself to the pods that ask for it, and to no other" do
    script = "echo $KUBERNETES_SERVICE_HOST; cd /var/run/secrets/kubernetes.io/serviceaccount; ls"
    %w[true false].each do |offered|
      pod = { metadata: { name: "api-#{offered}", annotations: { "testcluster/run" => "true", "testcluster/api" => offered } },
              spec: { restartPolicy: "Never", containers: [{ name: "main", image: "none", command: ["/bin/sh", "-c", script] }] } }
      cluster.post("/api/v1/namespaces/default/pods", pod)
      ended("api-#{offered}")
      expect(log("api-#{offered}").lines(chomp: true)).to eq([offered == "true" ? "127.0.0.1" : "", "ca.crt", "namespace", "token"])
    end
  end

  it "kills what a deleted pod ran" do
    run_pod("long", { command: ["/bin/sh", "-c", "trap '' TERM; echo $$; sleep 86399"] }, { terminationGracePeriodSeconds: 1 })
    eventually { pod("long").dig("status", "phase") == "Running" }
    eventually { commands.include?("sleep 86399") }
    cluster.delete("/api/v1/namespaces/default/pods/long")
    eventually { cluster.get("/api/v1/namespaces/default/pods/long").code == "404" }
    expect(commands).not_to include("sleep 86399")
  end

  it "answers pods/proxy from where the annotation leads" do
    server = TCPServer.new("127.0.0.1", 0)
    answering = Thread.new do
      socket = server.accept
      nil until socket.gets.to_s.strip.empty? # a close with the request unread would reset the connection
      socket.write("HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nhere")
      socket.close
    end
    pod = { metadata: { name: "served", annotations: { "testcluster/serve" => "127.0.0.1:#{server.addr[1]}" } },
            spec: { containers: [{ name: "main", image: "none", ports: [{ containerPort: 80 }] }] } }
    cluster.post("/api/v1/namespaces/default/pods", pod)
    eventually { self.pod("served").dig("status", "phase") == "Running" }
    expect(cluster.get("/api/v1/namespaces/default/pods/served:80/proxy/").body).to eq("here")
  ensure
    answering&.kill
    server&.close
  end

  it "dials nothing but loopback and its own pods" do
    cluster.post("/api/v1/nodes", { metadata: { name: "elsewhere" } })
    cluster.patch("/api/v1/nodes/elsewhere/status", { status: { addresses: [{ type: "InternalIP", address: "192.0.2.7" }] } })
    expect(cluster.get("/api/v1/nodes/elsewhere/proxy/healthz").body).to include("dials only loopback and its own pods")
  end

  it "leaves nothing when its parent is killed" do
    cluster_pid, kubeconfig = IO.pipe.then do |read, write|
      parent = fork do
        other = described_class.start
        other.post("/api/v1/namespaces/default/pods",
                   { metadata: { name: "left", annotations: { "testcluster/run" => "true" } },
                     spec: { containers: [{ name: "main", image: "none", command: %w[sleep 86398] }] } })
        eventually { commands.include?("sleep 86398") }
        write.puts(other.pid, other.kubeconfig)
        sleep
      end
      answer = [read.gets.to_i, read.gets.chomp]
      Process.kill("KILL", parent)
      Process.wait(parent)
      answer
    end
    eventually { !alive?(cluster_pid) }
    expect(File).not_to exist(File.dirname(kubeconfig))
    expect(commands).not_to include("sleep 86398")
  end
end
