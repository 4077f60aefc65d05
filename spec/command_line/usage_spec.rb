# frozen_string_literal: true

require "open3"
require "rbconfig"
require "tempfile"

# The program as an operator starts it, where no cluster is needed.
RSpec.describe "gitlab-kube" do
  program = File.expand_path("../../exe/gitlab-kube", __dir__)

  define_method(:gitlab_kube) do |*words|
    output, errors, status = Open3.capture3({ "KUBECONFIG" => "/nowhere" }, RbConfig.ruby, program, *words)
    [output, errors, status.exitstatus]
  end

  it "says how it is used" do
    output, errors, code = gitlab_kube("--help")

    expect([errors, code]).to eq(["", 0])
    expect(output).to start_with("Usage: gitlab-kube logs POD").and include("gitlab-managed-apps unless given")
  end

  {
    "no command" => [], "no pod" => %w[logs], "two pods" => %w[logs a b], "another command" => %w[delete a],
    "an unknown option" => %w[logs a --fast], "an option without its value" => %w[logs a --namespace]
  }.each do |what, words|
    it "exits 2 and says how it is used, given #{what}" do
      output, errors, code = gitlab_kube(*words)

      expect([output, code]).to eq(["", 2])
      expect(errors).to start_with("gitlab-kube: ").and include("Usage: gitlab-kube logs POD")
    end
  end

  {
    "that is not there" => nil, "that is no YAML" => "token: t0ken\n- [", "of another version" => "apiVersion: v2",
    "without the context" => "{apiVersion: v1, contexts: [], users: [{name: t0ken}]}", "that is a list" => "[t0ken]"
  }.each do |what, text|
    it "exits 2 for a kubeconfig #{what}, and shows nothing of it" do
      Tempfile.create("kubeconfig") do |file|
        file.write(text.to_s)
        file.close
        _, errors, code = gitlab_kube("logs", "a", "--kubeconfig", text ? file.path : "/nowhere/config")

        expect([errors.lines.first, code]).to eq(["gitlab-kube: the kubeconfig cannot be used, or has no such context\n", 2])
        expect(errors).not_to include("t0ken")
      end
    end
  end
end
