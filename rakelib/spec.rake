# frozen_string_literal: true

# The specs, on the Ruby that runs rake.
desc "Run the specs (SPEC=path for some of them)"
task spec: :compile do
  sh RbConfig.ruby, "-S", "rspec", *ENV.fetch("SPEC", "").split
end

namespace :spec do
  desc "Run the native specs with a garbage collection at every allocation they make"
  task stress: :compile do
    sh({ "GC_STRESS" => "1" }, RbConfig.ruby, "-S", "rspec", "spec/native")
  end
end
