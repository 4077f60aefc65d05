# frozen_string_literal: true

# The .gem file alone, installed where there is nothing else: no network, no other gem, no registry but vendored crates (`cargo vendor`).
# `rake package:test` runs it; it compiles the gem, unoptimised, which takes about a minute.
require "fileutils"
require "open3"
require "rubygems/package"

RSpec.describe "the .gem file" do
  root = File.expand_path("../..", __dir__)
  work = File.join(root, "tmp", "package-#{RUBY_VERSION[/\d+\.\d+/]}")
  gem_file = File.join(work, "gitlab_kube.gem")
  gem_home = File.join(work, "gem_home")
  cargo_home = File.join(work, "cargo_home")

  define_method(:run) do |*command, env: {}, chdir: root|
    output, status = Open3.capture2e(env, *command, chdir: chdir)
    raise "#{command.join(' ')} failed:\n#{output.lines.first(150).join}" unless status.success?

    output
  end

  # Nothing of this machine but the compilers: gems, crates and configuration are those in `work`.
  define_method(:bare) do
    { "GEM_HOME" => gem_home, "GEM_PATH" => gem_home, "CARGO_HOME" => cargo_home, "CARGO_NET_OFFLINE" => "true", "CARGO_TARGET_DIR" => nil,
      "RUBYLIB" => nil, "RUBYOPT" => nil, "RUSTC_WRAPPER" => nil, "RUSTUP_HOME" => ENV.fetch("RUSTUP_HOME", File.expand_path("~/.rustup")) }
  end

  # Root can be sure of it: a network namespace of its own has no network.
  alone = Process.uid.zero? ? %w[unshare --net] : []

  # The release profile with its optimisations off: this proves the package, bench/ proves the speed.
  quick = { "CARGO_PROFILE_RELEASE_OPT_LEVEL" => "0", "CARGO_PROFILE_RELEASE_LTO" => "off", "CARGO_PROFILE_RELEASE_DEBUG" => "false",
            "CARGO_PROFILE_RELEASE_CODEGEN_UNITS" => "16" }.freeze

  define_method(:vendor_crates) do
    FileUtils.mkdir_p cargo_home
    run("cargo", "vendor", "--locked", "--quiet", File.join(work, "vendor"))
    File.write(File.join(cargo_home, "config.toml"), <<~TOML)
      [source.crates-io]
      replace-with = "vendored"
      [source.vendored]
      directory = "#{work}/vendor"
    TOML
  end

  before(:context) do
    FileUtils.rm_rf [gem_home, cargo_home, gem_file]
    vendor_crates
    @build_output = run("gem", "build", "gitlab_kube.gemspec", "--output", gem_file)
    run(*alone, "gem", "install", "--local", "--no-document", gem_file, env: bare.merge(quick), chdir: work)
  end

  let(:package) { Gem::Package.new(gem_file).spec }

  it "ships the client, the binding, the Ruby API, its types and the lock file, and no test, bench or tool" do
    shipped = %w[ARCHITECTURE.md CHANGELOG.md Cargo.lock Cargo.toml LICENSE README.md exe ext lib sig src]
    expect(package.files.map { |path| path[%r{\A[^/]+}] }.uniq).to match_array(shipped)
    expect(package.files).to include("Cargo.lock", "ext/gitlab_kube/Cargo.toml", "src/lib.rs", "lib/gitlab_kube/native.rb")
    expect(package.files.grep(/\.so\z/)).to be_empty
  end

  # --strict would refuse it: ext/tidy runs under the rake that every Ruby ships, which is no reason for every application to depend on it.
  it "is built without a warning but the one about rake" do
    warnings = @build_output.scan(/^WARNING:  (.*)/).flatten
    expect(warnings).to match([start_with("You have specified rake based extension"), start_with("See https://guides.rubygems.org")])
  end

  it "needs no other gem at run time" do
    expect(package.runtime_dependencies).to be_empty
  end

  it "loads in a program that knows nothing of the checkout" do
    program = 'require "gitlab_kube"; puts GitlabKube::Native.class, $LOADED_FEATURES.grep(/gitlab_kube(_ruby)?\.so/)'
    expect(run(RbConfig.ruby, "-e", program, env: bare, chdir: "/").lines(chomp: true)).to match(["Module", start_with(gem_home)])
  end

  it "has no way to make it panic, as the build for the specs has" do
    program = 'require "gitlab_kube"; p GitlabKube::Native.respond_to?(:panic)'
    expect(run(RbConfig.ruby, "-e", program, env: bare, chdir: "/")).to eq("false\n")
  end

  it "leaves nothing of the compilation behind" do
    expect(Dir.glob("#{gem_home}/**/*.{rlib,rmeta,d}")).to be_empty
    expect(Dir.glob("#{gem_home}/extensions/**/release")).to be_empty
  end
end
