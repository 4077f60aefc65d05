# frozen_string_literal: true

require_relative "../../lib/gitlab_kube/kubernetes"

RSpec.describe GitlabKube::Kubernetes do
  include described_class

  describe "#container_exec_url" do
    query = "container=main&stderr=true&stdin=true&stdout=true&tty=true&command=sh&command=-c&command=bash+%7C%7C+sh"

    {
      "https://api.example.com" => "wss://api.example.com/api/v1/namespaces/web/pods/web-1/exec?#{query}",
      "http://api.example.com:8080/" => "ws://api.example.com:8080/api/v1/namespaces/web/pods/web-1/exec?#{query}",
      "https://api.example.com/k8s//" => "wss://api.example.com/k8s/api/v1/namespaces/web/pods/web-1/exec?#{query}"
    }.each do |api_url, expected|
      it("leads from #{api_url} to its exec endpoint") { expect(container_exec_url(api_url, "web", "web-1", "main")).to eq(expected) }
    end

    it "keeps names in their place" do
      url = container_exec_url("https://api.example.com", "a/../b", "c?d", "e&command=rm f")

      expect(url).to start_with("wss://api.example.com/api/v1/namespaces/a%2F..%2Fb/pods/c%3Fd/exec?container=e%26command%3Drm+f&")
    end
  end

  it "makes no way up of a name" do
    [["..", "web-1"], ["web", ".."], ["web", "."]].each do |namespace, pod|
      expect { container_exec_url("https://api.example.com", namespace, pod, "main") }.to raise_error(GitlabKube::InvalidArgumentError)
    end
    pod = { "metadata" => { "name" => ".." }, "spec" => { "containers" => [{ "name" => "a" }] }, "status" => { "phase" => "Running" } }
    expect(terminals_for_pod("https://api.example.com", "web", pod)).to be_nil
  end

  describe "#terminals_for_pod" do
    let(:pod) do
      {
        "metadata" => { "name" => "web-1", "creationTimestamp" => "2016-11-25T19:55:19Z" },
        "spec" => { "containers" => [{ "name" => "main" }, { "name" => "side" }] },
        "status" => { "phase" => "Running" }
      }
    end

    it "has one terminal for each container" do
      terminals = terminals_for_pod("https://api.example.com", "web", pod)

      expect(terminals.map { |terminal| terminal[:selectors] })
        .to eq([{ pod: "web-1", container: "main" }, { pod: "web-1", container: "side" }])
      expect(terminals.first).to include(
        url: container_exec_url("https://api.example.com", "web", "web-1", "main"), subprotocols: ["channel.k8s.io"],
        headers: {}, created_at: DateTime.parse("2016-11-25T19:55:19Z")
      )
      expect(terminals.first[:headers]["Any"]).to eq([])
    end

    it "has none unless the pod is named, has containers and runs" do
      broken = [pod.merge("status" => { "phase" => "Pending" }), pod.merge("spec" => {}), pod.merge("metadata" => {}), {}]

      expect(broken.map { |item| terminals_for_pod("https://api.example.com", "web", item) }).to all(be_nil)
    end

    it "has no creation time where the server gave none" do
      pod["metadata"].delete("creationTimestamp")

      expect(terminals_for_pod("https://api.example.com", "web", pod).first[:created_at]).to be_nil
    end

    it "does without a time that is none, however long" do
      ["soon", "1" * 200, {}].each do |time|
        pod["metadata"]["creationTimestamp"] = time
        expect(terminals_for_pod("https://api.example.com", "web", pod).first[:created_at]).to be_nil
      end
    end

    it "gets its credential from add_terminal_auth" do
      terminal = terminals_for_pod("https://api.example.com", "web", pod).first
      add_terminal_auth(terminal, token: "t0ken", max_session_time: 60, ca_pem: "PEM")

      expect(terminal).to include(headers: { "Authorization" => ["Bearer t0ken"] }, max_session_time: 60, ca_pem: "PEM")
      expect(add_terminal_auth({}, token: "t", max_session_time: 0, ca_pem: "")).not_to have_key(:ca_pem)
    end
  end

  describe "filters" do
    def item(labels: nil, annotations: nil)
      { "metadata" => { "labels" => labels, "annotations" => annotations }.compact }
    end

    let(:ours) { item(annotations: { "app.gitlab.com/app" => "web", "app.gitlab.com/env" => "production" }) }
    let(:other) { item(annotations: { "app.gitlab.com/app" => "web", "app.gitlab.com/env" => "staging" }) }
    let(:legacy) { item(labels: { "app" => "production" }) }
    let(:moved) { item(labels: { "app" => "production" }, annotations: ours["metadata"]["annotations"]) }

    it "choose by project and environment" do
      expect(filter_by_project_environment([ours, other, legacy, {}], "web", "production")).to eq([ours])
    end

    it "choose by label" do
      expect(filter_by_label([ours, legacy, {}], app: "production")).to eq([legacy])
    end

    it "choose by the legacy label what has no annotations yet" do
      expect(filter_by_legacy_label([ours, legacy, moved], "web", "production")).to eq([legacy])
    end
  end

  describe "#to_kubeconfig" do
    it "is nil without a token" do
      expect(to_kubeconfig(url: "https://api.example.com", namespace: "web", token: "")).to be_nil
    end

    it "has one cluster, user and context" do
      expect(Psych.safe_load(to_kubeconfig(url: "https://api.example.com", namespace: "web", token: "t0ken", ca_pem: "PEM"))).to eq(
        "apiVersion" => "v1", "kind" => "Config", "current-context" => "gitlab-deploy",
        "clusters" => [{
          "name" => "gitlab-deploy", "cluster" => { "server" => "https://api.example.com", "certificate-authority-data" => "UEVN" }
        }],
        "users" => [{ "name" => "gitlab-deploy", "user" => { "token" => "t0ken" } }],
        "contexts" => [{
          "name" => "gitlab-deploy", "context" => { "cluster" => "gitlab-deploy", "namespace" => "web", "user" => "gitlab-deploy" }
        }]
      )
    end
  end
end
