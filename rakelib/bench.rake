# frozen_string_literal: true

# Speed is measured, not tested: every program in bench/, against a release build.
desc "Run the benches (BENCH=name for one of them)"
task :bench do
  sh({ "RELEASE" => "1" }, RbConfig.ruby, "-S", "rake", "compile", "testcluster")
  FileList["bench/#{ENV.fetch('BENCH', '*')}.rb"].each { |program| ruby "-Ilib", program }
end
