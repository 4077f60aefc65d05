# frozen_string_literal: true

# Speed is measured, not tested: every program in bench/, against a release build and a server of its own.
namespace :bench do
  task :prepare do
    sh({ "RELEASE" => "1" }, RbConfig.ruby, "-S", "rake", "compile")
    chdir("bench/server") { sh({ "CARGO_TARGET_DIR" => "../../target/bench" }, "cargo", "build", "--locked", "--release", "--quiet") }
    chdir("bench/peers/client-go") { sh "go", "build", "-o", "../../../target/bench/client-go", "." }
  end

  programs = FileList["bench/*.rb"].to_h { |path| [File.basename(path, ".rb"), path] }
  programs.each do |name, path|
    desc File.foreach(path).grep(/\A# (?!frozen)/).first.to_s.delete_prefix("# ").chomp
    task(name => name == "real" ? %i[prepare testcluster] : :prepare) { ruby "-Ilib", path }
  end

  task all: programs.keys
end

desc "Run all benches (rake bench:NAME for one of them)"
task bench: "bench:all"
