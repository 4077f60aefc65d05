# frozen_string_literal: true

require "json"
require "open3"
require "rbconfig"

RSpec.describe "A Rails application that still has its own Gitlab::Kubernetes" do
  app = File.expand_path("app", __dir__)
  lib = File.expand_path("../../../lib", __dir__)
  kubernetes = "#{app}/lib/gitlab/kubernetes"
  shadowed = {
    "Gitlab::Kubernetes" => "#{kubernetes}.rb", "Gitlab::Kubernetes::KubeClient" => "#{kubernetes}/kube_client.rb",
    "Gitlab::Kubernetes::Helm::Pod" => "#{kubernetes}/helm/pod.rb"
  }

  # A process of its own: a Rails application is one per process.
  define_method(:boot) do |environment, replaces: shadowed.keys, eager_load: false, door: true|
    variables = { "RAILS_ENV" => environment, "REPLACES" => replaces.join(" "), "EAGER_LOAD" => eager_load.to_s, "DOOR" => door.to_s }
    printed, errors, status = Open3.capture3(variables, RbConfig.ruby, "-I", lib, "#{app}/application.rb")
    raise errors unless status.success?

    JSON.parse(printed.lines.last)
  end

  define_method(:pairs) { |text| text.scan(/^(Gitlab\S*) (\S+)$/).to_h }

  %w[development test].each do |environment|
    it "does not boot in #{environment} until it says of each shadowed file that it knows" do
      expect(pairs(boot(environment, replaces: [])["raised"])).to eq(shadowed)
      expect(pairs(boot(environment, replaces: shadowed.keys.drop(1))["raised"])).to eq(shadowed.first(1).to_h)
    end
  end

  it "boots in production, and has each shadowed file in its log" do
    expect(pairs(boot("production", replaces: [], eager_load: true)["log"].gsub(/^.*WARN.*: /, ""))).to eq(shadowed)
  end

  { "lazily" => false, "eagerly" => true }.each do |how, eager_load|
    it "has this gem's objects, and its own where this gem has none, loaded #{how} and after a reload" do
      seen = boot("development", eager_load: eager_load)

      expect([seen["first"], seen["reloaded"]]).to all(
        include("ours" => true, "reopened" => false, "own" => %w[Gitlab::Kubernetes::Own GitlabKube::Helm::V2::ResetCommand])
      )
      expect(seen["reloaded"]["ids"] & seen["first"]["ids"]).to eq([]) # they were loaded anew
      expect(seen).to include("logger" => true, "guarded" => true, "allowlist" => ["10.0.0.1"], "local" => true)
    end
  end

  it "lists the files with rake gitlab_kube:shadowed, before the door is opened and after" do
    expect(pairs(boot("development", door: false)["rake"])).to eq(shadowed)
    expect(pairs(boot("development")["rake"])).to eq(shadowed)
  end
end
