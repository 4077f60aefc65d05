# frozen_string_literal: true

require "cgi"
require "digest"
require_relative "../support/failing_cluster"
require_relative "../support/test_cluster"
require_relative "../support/web_example"

RSpec.describe "examples/web" do
  hostile = "<script>alert(1)</script>"

  { "with Redis and Sidekiq" => false, "in one process" => true }.each do |name, embedded|
    describe name do
      let!(:cluster) { FailingCluster.new(["web-1", hostile]) }
      let!(:example) { WebExample.new(cluster.kubeconfig, embedded: embedded) }

      after do
        example.close
        cluster.stop
      end

      it "answers every read while the cluster hangs, refuses, answers 500 and is gone, and is well again when the cluster is" do
        example.page_with(/web-1/)
        FailingCluster::MODES.each do |mode, code|
          cluster.become(mode)
          example.page_with(%r{The last look failed: <code>#{code}</code>})
          reads = Net::HTTP.start(example.uri.host, example.uri.port) { |http| Array.new(200) { http.get("/") } }
          expect(reads).to all(have_attributes(code: "200", body: /web-1.*Running/))
        end
        cluster.become(:well)
        example.page_with(/id="notice" hidden/)
      end
    end
  end

  describe "as a page" do
    let!(:cluster) { FailingCluster.new(["web-1", hostile]) }
    let!(:example) { WebExample.new(cluster.kubeconfig, embedded: true) }
    let(:page) { example.page_with(/web-1/) && example.get }

    after do
      example.close
      cluster.stop
    end

    it "shows pods and deployments as text, with the age of what it shows" do
      expect(page.body).to include("&lt;script&gt;alert(1)&lt;/script&gt;").and match(/2 of 3/).and match(/as of \d+ s ago/)
      expect(page.body).not_to include(hostile)
    end

    it "lets a browser run nothing but its own style and script" do
      hashes = %w[style script].map { |tag| Digest::SHA256.base64digest(page.body[%r{<#{tag}>(.*?)</#{tag}>}m, 1]) }
      expect(page["content-security-policy"])
        .to eq("default-src 'none'; style-src 'sha256-#{hashes[0]}'; script-src 'sha256-#{hashes[1]}'; connect-src 'self'; " \
               "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'")
    end

    it "shows one namespace, says nothing of what is not there, and has no other pages" do
      example.page_with(/web-1/)
      expect(example.get("/web").body).to include("web-1")
      expect(example.get("/elsewhere").body).not_to include("web-1")
      expect(["/no%20such", "/WEB", "/web/pods"].map { |path| example.get(path).code }).to all(eq("404"))
    end

    it "shows no word of a server that fails" do
      example.page_with(/web-1/)
      cluster.become(:broken)
      expect(example.page_with(%r{<code>500</code>})).not_to include("the server's words", CGI.escapeHTML("the server's words"))
    end

    it "counts the pods it does not list" do
      cluster.pods = Array.new(1000) { |number| "web-#{number}" }
      expect(example.page_with(/… and 800 more/).scan(/web-\d+/).size).to eq(200)
    end
  end

  it "answers in the time a page may take while a real control plane stands still", :cluster do
    cluster = TestCluster.start
    pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "web-1" }, spec: { containers: [{ name: "web", image: "web:1" }] } }
    sleep 0.05 until cluster.post("/api/v1/namespaces/default/pods", pod).code == "201"
    example = WebExample.new(cluster.kubeconfig)
    example.page_with(/web-1.*Running/)

    Process.kill("STOP", cluster.pid)
    example.page_with(/The last look failed: <code>GitlabKube::TimeoutError/)
    answers = Array.new(20) { Net::HTTP.start(example.uri.host, example.uri.port, read_timeout: 5) { |http| http.get("/").body } }
    expect(answers).to all(match(/web-1.*Running/))

    Process.kill("CONT", cluster.pid)
    example.page_with(/id="notice" hidden/)
  ensure
    Process.kill("CONT", cluster.pid) if cluster
    example&.close
    cluster&.stop
  end
end
