# frozen_string_literal: true

# The specs, on the Ruby that runs rake.
rspec = ->(environment, *arguments) { sh environment, RbConfig.ruby, "-S", "rspec", *arguments }

desc "Run the specs (SPEC=path for some of them)"
task spec: %i[compile testcluster] do
  rspec.call({}, *ENV.fetch("SPEC", "").split)
end

namespace :spec do
  # Not the specs of forking and waiting: their servers are in the same process and would be too slow to answer.
  desc "Run the specs of documents with a garbage collection at every allocation in Rust and compaction"
  task stress: :compile do
    rspec.call({ "GC_STRESS" => "1" }, "spec/native/document_spec.rb")
  end

  desc "Kill Sidekiq 50 times and Redis 10 times under readers of the reactive cache (KILLS, REDIS_KILLS)"
  task kills: :compile do
    rspec.call({ "KILLS" => "50", "REDIS_KILLS" => "10", "WATCHDOG" => "3600" }.merge(ENV.slice("KILLS", "REDIS_KILLS")),
               "--format", "documentation", "spec/gitlab_kube/reactive_caching/fleet_spec.rb")
  end

  # Apart from the others: Debian 13's root has no browser.
  desc "Run the specs of the demo's page in Chromium"
  task browser: :compile do
    rspec.call({}, "--exclude-pattern", "", "spec/browser")
  end

  # Not the specs whose calls happen in other processes, nor examples that are ill-typed on purpose, or would see the checks themselves.
  elsewhere = "spec/{acceptance,packaging,browser,contract,examples,native}/**/*_spec.rb,spec/{examples,commands}_spec.rb," \
              "spec/**/fleet_spec.rb"

  desc "Run the specs with every call of the API checked against sig/"
  task types: :compile do
    checked = { "RUBYOPT" => "-rrbs/test/setup", "RBS_TEST_TARGET" => "GitlabKube,GitlabKube::*", "RBS_TEST_OPT" => "-I sig",
                "RBS_TEST_LOGLEVEL" => "error" }
    rspec.call(checked, "--exclude-pattern", elsewhere, "--tag", "~unchecked")
  end
end
