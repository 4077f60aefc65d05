# frozen_string_literal: true

require "gitlab_kube"
require "open3"
require "rbconfig"
require_relative "support/kube_server"

RSpec.describe GitlabKube::Configuration::Debug do
  # An application's record whose command cannot be made.
  class BrokenApp # rubocop:disable Lint/ConstantDefinitionInBlock
    attr_reader :stored

    def initialize(error)
      @error = error
    end

    def scheduled? = true
    def installing? = true
    def make_installing! = nil
    def install_command = raise(@error)
    def make_errored!(text) = @stored = text
    def id = 1
    def name = "helm"
    def cluster = nil
  end

  let(:server) do
    KubeServer.start do |request|
      names = request.path.end_with?("/v1") ? [{ name: "ingresses", kind: "Ingress", namespaced: true, verbs: %w[get list patch] }] : nil
      names ? KubeServer.json({ resources: names }) : KubeServer.json({ kind: "Status" }, status: 500)
    end
  end
  let(:client) { KubeServer.client(server) }

  after do
    GitlabKube.config.debug = false
    server.stop
  end

  canary = { "metadata" => { "name" => "canary", "annotations" => { GitlabKube::Ingress::CANARY => "true" } } }
  app = ->(error) { BrokenApp.new(error) }
  wait = ->(_app) {}
  services = GitlabKube::Services
  {
    "graceful_request" => ->(client) { GitlabKube::KubeClient.graceful_request(1) { client.get_pod("a", "web") } },
    "graceful_request, of no answer," => ->(client) { GitlabKube::KubeClient.graceful_request(1) { raise SocketError, client.to_s } },
    "EnvironmentData" => ->(client) { services::EnvironmentData.new(client, namespace: "web").execute },
    "UpdateCanaryIngress" => ->(client) { services::UpdateCanaryIngress.new(client, namespace: "web").execute([canary], weight: 1) },
    "Applications::Start, of a cluster" => lambda do |client|
      services::Applications::Start.new(app.call(GitlabKube::HttpError.new(500)), :install, client: client, wait: wait).execute
    end,
    "Applications::Start, of a defect" => lambda do |client|
      services::Applications::Start.new(app.call(KeyError.new), :install, client: client, wait: wait).execute
    end,
    "Applications::CheckProgress" => lambda do |client|
      services::Applications::CheckProgress.new(app.call(GitlabKube::HttpError.new(500)), :install, client: client, wait: wait).execute
    end
  }.each do |what, failing|
    it "raises what #{what} turns into a result, and only then" do
      expect { failing.call(client) }.not_to raise_error
      GitlabKube.config.debug = true
      expect { failing.call(client) }.to raise_error(StandardError)
    end
  end

  def program(code, **env)
    env = { "RAILS_ENV" => nil, "RACK_ENV" => nil, "GITLAB_KUBE_DEBUG" => nil }.merge(env.transform_keys(&:to_s))
    Open3.capture2e(env, RbConfig.ruby, "-I#{File.expand_path('../lib', __dir__)}", "-e", "require 'gitlab_kube'; #{code}")
  end

  it "is off, unless the environment says 1" do
    environments = [{}, { GITLAB_KUBE_DEBUG: "1" }, { GITLAB_KUBE_DEBUG: "0" }]
    said = environments.map { |environment| program("p GitlabKube.config.debug?", **environment).first.chomp }
    expect(said).to eq(%w[false true false])
  end

  it "refuses to be on in production, whoever asks for it, and whenever production begins" do
    [
      ["", { GITLAB_KUBE_DEBUG: "1", RAILS_ENV: "production" }],
      ["GitlabKube.configure { |config| config.debug = true }", { RACK_ENV: "production" }],
      ["ENV['RAILS_ENV'] = 'production'; GitlabKube.configure { |config| config.logger = nil }", { GITLAB_KUBE_DEBUG: "1" }]
    ].each do |code, env|
      said, status = program(code, **env)
      expect(status).not_to be_success
      expect(said).to match(/GITLAB_KUBE_DEBUG, config\.debug\) is not for production.*InvalidArgumentError/)
    end
  end
end
