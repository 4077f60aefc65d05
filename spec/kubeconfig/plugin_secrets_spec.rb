# frozen_string_literal: true

require "gitlab_kube"
require "json"
require "tmpdir"
require_relative "../support/canary/bird"

# What an exec plugin writes, and what it is told, is in no text that anybody prints.
RSpec.describe GitlabKube::Kubeconfig::ExecPlugin do
  marker = "canary-77f02c"

  # The client of a trusted kubeconfig whose plugin is this line of shell.
  def plugged(directory, line, marker)
    File.write("#{directory}/plugin", "#!/bin/sh\n#{line}\n", perm: 0o755)
    exec = { apiVersion: "client.authentication.k8s.io/v1", command: "./plugin", args: [marker], env: [{ name: "A", value: marker }] }
    config = {
      "current-context" => "c", contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
      clusters: [{ name: "k", cluster: { server: "http://127.0.0.1:1" } }], users: [{ name: "u", user: { exec: exec } }]
    }
    File.write("#{directory}/config", JSON.generate(config))
    GitlabKube::KubeClient.from_kubeconfig("#{directory}/config", trusted: true)
  end

  def error
    yield
    nil
  rescue StandardError => e
    e
  end

  answer = lambda do |status, version: "v1"|
    "printf '%s' '#{JSON.generate(apiVersion: "client.authentication.k8s.io/#{version}", kind: 'ExecCredential', status: status)}'"
  end

  {
    "and fails" => ["echo #{marker}; echo #{marker} >&2; exit 3", GitlabKube::CredentialPluginError],
    "as it is killed" => ["echo #{marker} >&2; kill -9 $$", GitlabKube::CredentialPluginError],
    "as nonsense" => ["echo '{#{marker}'", GitlabKube::CredentialPluginError],
    "as a token with a line end" => [answer.call({ token: "#{marker}\n" }), GitlabKube::InvalidArgumentError],
    "as a token that is none" => [answer.call({ token: { marker => marker } }), GitlabKube::CredentialPluginError],
    "as an end that is no time" => [answer.call({ token: marker, expirationTimestamp: marker }), GitlabKube::CredentialPluginError],
    "in another version" => [answer.call({ token: marker }, version: "v2"), GitlabKube::CredentialPluginError],
    "as what it is asked for" => [answer.call({ token: marker }), GitlabKube::ConnectionRefusedError]
  }.each do |what, (line, expected)|
    it "says nothing of what its program writes #{what}" do
      Dir.mktmpdir do |directory|
        client = plugged(directory, line, marker)
        raised = error { client.get_pod("a", "web") }
        expect(raised).to be_a(expected)
        expect(Bird.leaks(Bird.of_error(raised).merge(Bird.texts(client)), marker)).to eq([])
      end
    end
  end

  it "is heard: standard error is where a method's name warns of it" do
    Dir.mktmpdir do |directory|
      client = plugged(directory, "echo #{marker} >&2; exit 3", marker)
      expect(error { client.get_pod("a", "web") }.unsafe_server_message).to eq("#{marker}\n")
    end
  end
end
