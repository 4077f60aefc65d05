# frozen_string_literal: true

# Fuzzing, which is not part of CI: the Rust targets need a nightly compiler and cargo-fuzz.
namespace :fuzz do
  seconds = -> { (Float(ENV.fetch("MINUTES", "15")) * 60).round }
  targets = FileList["fuzz/fuzz_targets/*.rs"].map { |path| File.basename(path, ".rs") }

  targets.each do |target|
    desc File.foreach("fuzz/fuzz_targets/#{target}.rs").first.delete_prefix("//! ").chomp
    task target do
      found = "tmp/fuzz/#{target}" # what grows; the committed corpus stays as small as it is
      mkdir_p found
      limits = %W[-max_total_time=#{seconds.call} -timeout=10 -rss_limit_mb=2048 -print_final_stats=1]
      sh "cargo", "+nightly", "fuzz", "run", target, found, "fuzz/corpus/#{target}", "--", *limits
    end
  end

  desc "A broken kubeconfig is a client or a GitlabKube::Error: in bounded time and memory, and nothing is opened or started"
  task(kubeconfig: :compile) { ruby "fuzz/kubeconfig.rb", seconds.call.to_s }

  task all: [*targets, "kubeconfig"]
end

desc "Run each fuzz target for MINUTES (15), one after another; stops at the first finding (rake fuzz:NAME for one of them)"
task fuzz: "fuzz:all"
