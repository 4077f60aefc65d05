# frozen_string_literal: true

require "open3"
require "rbconfig"
require_relative "acceptance/support/cluster"

RSpec.describe "examples/", :cluster do
  root = File.expand_path("..", __dir__)

  {
    "restricted_namespace.rb" => /: 0 pods\nelsewhere: 403\nall namespaces: 403\n\z/,
    "rollout.rb" => /\A(web-\S+ is running\n){5}\z/,
    "one_off_pod.rb" => /\Ainstalling ingress\nstep 1\nstep 2\nstep 3\ndone\nSucceeded\n\z/,
    "exec.rb" => /\AHELLO, exit code 3\n(stdout: one\nstderr: two|stderr: two\nstdout: one)\nfile: carried\n\z/,
    "informer.rb" => /\AADDED one: red\nADDED two: blue\nMODIFIED one: blue\nDELETED two: blue\n\["one"\]\n\z/,
    "live_value.rb" => /\A(\S+ )?two\ntrue\n\z/,
    "many_pods.rb" => /\A\[100, {"Pending"=>100}\]\n\z/
  }.each do |program, output|
    it "#{program} does what it says" do
      environment = { "KUBECONFIG" => AcceptanceCluster.running.kubeconfig }
      printed, status = Open3.capture2e(environment, RbConfig.ruby, "-I#{root}/lib", "#{root}/examples/#{program}")
      expect(printed).to match(output)
      expect(status).to be_success
    end
  end

  job = /server version.*restricted namespace.*403.*5 running.*step 3.*Succeeded.*200 pods.*clean up/m

  it "the demo runs every step inside Sidekiq, reads the page, and says so" do
    environment = { "KUBECONFIG" => AcceptanceCluster.running.kubeconfig }
    printed, status = Open3.capture2e(environment, RbConfig.ruby, "-I#{root}/lib", "#{root}/examples/demo.rb", "--pods", "200")
    expect(printed).to match(job).and match(/5 pods are on it.*2000 reads, all answered.*left out/m)
    expect(printed).not_to match(/Error/)
    expect(status).to be_success
  end

  it "the demo does the same in one process, freezes a cluster of its own, and the page goes on" do
    printed, status = Open3.capture2e(RbConfig.ruby, "-I#{root}/lib", "#{root}/examples/demo.rb", "--pods", "200", "--embedded")
    expect(printed).to match(job).and match(/has noticed.*GitlabKube::TimeoutError\nread it, frozen.*2000 reads, all answered.*live again/m)
    expect(printed.scan("Error").size).to eq(1)
    expect(status).to be_success
  end
end
