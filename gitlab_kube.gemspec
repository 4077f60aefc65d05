# frozen_string_literal: true

# What the gem ships, and how RubyGems compiles it. It needs Rust at installation, and no other gem at run time.
require_relative "lib/gitlab_kube/version"

Gem::Specification.new do |spec|
  spec.name = "gitlab_kube"
  spec.version = GitlabKube::VERSION
  spec.authors = ["gitlab_kube contributors"]
  spec.summary = "A Kubernetes client for GitLab Rails whose network, parsing, watching and caching live in Rust"
  spec.description = "A native client: no cluster, however slow or hostile, can hurt the application that asks it."
  spec.license = "MIT"
  spec.homepage = "https://rubygems.org/gems/gitlab_kube"
  spec.required_ruby_version = ">= 3.1"
  spec.required_rubygems_version = ">= 3.3.11" # the first with a Cargo builder

  spec.files = Dir[
    "exe/*", "lib/**/*.rb", "sig/**/*.rbs",
    "src/**/*", "ext/**/*.{rs,toml}", "ext/tidy/Rakefile",
    "Cargo.toml", "Cargo.lock", # the builder passes --locked
    "LICENSE", "README.md", "ARCHITECTURE.md", "CHANGELOG.md"
  ].select { |path| File.file?(path) }

  spec.bindir = "exe"
  spec.executables = ["gitlab-kube"]

  # In this order: compile, then remove what old versions of RubyGems leave of the compilation. (Ruby ships rake; it is no dependency.)
  spec.extensions = ["ext/gitlab_kube/Cargo.toml", "ext/tidy/Rakefile"]
  spec.metadata = {
    "cargo_crate_name" => "gitlab_kube_ruby", # for RubyGems 3.3; newer ones ask Cargo
    "rubygems_mfa_required" => "true"
  }
end
