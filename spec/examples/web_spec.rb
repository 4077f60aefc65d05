# frozen_string_literal: true

require "digest"
require "json"
require "net/http"
require "rbconfig"
require "tempfile"
require "gitlab_kube"
require_relative "../support/eventually"
require_relative "../support/kube_server"
require_relative "../support/test_cluster"

RSpec.describe "examples/web" do
  include Eventually

  root = File.expand_path("../..", __dir__)
  hostile = "<script>alert(1)</script>"

  def kubeconfig(server)
    Tempfile.new("kubeconfig").tap do |file|
      file.write(JSON.generate("clusters" => [{ "cluster" => { "server" => server } }], "users" => [{ "user" => {} }]))
      file.close
    end
  end

  def start(root, kubeconfig)
    environment = { "KUBECONFIG" => kubeconfig, "REFRESH" => "1" }
    IO.popen([environment, RbConfig.ruby, "-I#{root}/lib", "#{root}/examples/web/start.rb", "--until-eof"], "r+")
  end

  it "shows pods as text with their age, and goes on answering when the cluster freezes" do
    frozen = false
    list = KubeServer.json({ kind: "PodList", items: [{ metadata: { namespace: "web", name: hostile }, status: { phase: "Running" } }] })
    server = KubeServer.start do
      sleep if frozen
      list
    end
    file = kubeconfig(server.url)
    example = start(root, file.path)
    uri = URI(example.gets.to_s.strip)

    page = eventually(60) { Net::HTTP.get_response(uri).then { |response| response if response.body.include?("Running") } }
    expect(page.body).to include("&lt;script&gt;alert(1)&lt;/script&gt;").and match(/As of \d+ s ago\./)
    expect(page.body).not_to include(hostile)
    style = page.body[%r{<style>(.*?)</style>}m, 1]
    expect(page["content-security-policy"]).to start_with("default-src 'none'; style-src 'sha256-#{Digest::SHA256.base64digest(style)}';")

    frozen = true
    later = eventually(60) { Net::HTTP.get(uri).then { |body| body if body.include?("The last look failed: GitlabKube::TimeoutError.") } }
    expect(later).to include("&lt;script&gt;")
    expect(Net::HTTP.get_response(URI.join(uri, "/no%20such")).code).to eq("404")
  ensure
    example&.close
    server.stop
    file&.unlink
  end

  it "answers in the time a page may take while a real control plane stands still", :cluster do
    cluster = TestCluster.start
    pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "web-1" }, spec: { containers: [{ name: "web", image: "web:1" }] } }
    eventually(60) { cluster.post("/api/v1/namespaces/default/pods", pod).code == "201" }
    example = start(root, cluster.kubeconfig)
    uri = URI(example.gets.to_s.strip)
    eventually(60) { Net::HTTP.get(uri).match?(/web-1.*Running/) }

    Process.kill("STOP", cluster.pid)
    eventually(60) { Net::HTTP.get(uri).include?("The last look failed: GitlabKube::TimeoutError.") }
    answers = Array.new(20) { Net::HTTP.start(uri.host, uri.port, read_timeout: 5) { |http| http.get("/").body } }
    expect(answers).to all(match(/web-1.*Running/))

    Process.kill("CONT", cluster.pid)
    eventually(60) { !Net::HTTP.get(uri).include?("failed") }
  ensure
    Process.kill("CONT", cluster.pid) if cluster
    example&.close
    cluster&.stop
  end
end
