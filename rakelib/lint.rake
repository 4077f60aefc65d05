# frozen_string_literal: true

# Everything a machine can judge without running the code.
namespace :lint do
  binding_target = { "CARGO_TARGET_DIR" => "target/ruby-#{RUBY_API}" }

  desc "Rust is formatted"
  task(:rustfmt) { sh "cargo", "fmt", "--all", "--check" }

  desc "The core is free of clippy's warnings, its tests too"
  task(:clippy_core) { sh "cargo", "clippy", "--locked", "--package", "gitlab_kube", "--all-targets", "--", "-D", "warnings" }

  desc "The binding is free of clippy's warnings"
  task(:clippy_binding) { sh binding_target, "cargo", "clippy", "--locked", "--package", "gitlab_kube_ruby", "--", "-D", "warnings" }

  desc "Ruby style"
  task(:rubocop) { sh "rubocop" }

  desc "Go is formatted and vetted"
  task :go do
    unformatted = `gofmt -l testcluster`
    abort "not gofmt-ed:\n#{unformatted}" unless unformatted.empty?
    sh "go", "vet", "./...", chdir: "testcluster"
  end

  desc "Licenses, sources and bans of every crate"
  task(:deny) { sh "cargo", "deny", "--locked", "check", "bans", "licenses", "sources" }

  desc "A FIPS build holds no other crypto provider"
  task :fips do
    tree = `cargo tree --locked --package gitlab_kube_ruby --no-default-features --features fips --edges normal --prefix none`
    abort "no FIPS module in the FIPS tree" unless tree.match?(/^aws-lc-fips-sys /)
    abort "ring is in the FIPS tree" if tree.match?(/^ring /)
  end

  desc "The core's tree has no Ruby in it"
  task :no_ruby_in_core do
    tree = `cargo tree --locked --package gitlab_kube --all-features --edges all --prefix none`
    abort "cargo tree failed" unless tree.start_with?("gitlab_kube ")
    abort "Ruby is in the core's tree" if tree.match?(/^(magnus|rb-sys)/)
  end

  desc "House rules: where unsafe may be, what no file may name, a first line in every file"
  task(:house) { ruby "rakelib/house.rb" }
end

desc "All lints"
task lint: %w[rustfmt rubocop house clippy_core clippy_binding go deny fips no_ruby_in_core].map { |name| "lint:#{name}" }
