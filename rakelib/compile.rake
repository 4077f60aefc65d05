# frozen_string_literal: true

# Builds the binding and puts it where lib/gitlab_kube/native.rb looks first: a directory per Ruby, so that two can share a checkout.
require "fileutils"

PROFILE = ENV.fetch("CARGO_PROFILE") { ENV["RELEASE"] ? "release" : "spec" }
TARGET = File.join(ENV.fetch("CARGO_TARGET_DIR", "target"), "ruby-#{RUBY_API}")
BUILT = "#{TARGET}/#{PROFILE == 'dev' ? 'debug' : PROFILE}/libgitlab_kube_ruby.so".freeze
LOADED = "lib/gitlab_kube/#{RUBY_API}/gitlab_kube.so".freeze

desc "Build the binding for this Ruby (RELEASE=1 or CARGO_PROFILE=… choose the profile)"
task :compile do
  # Cargo knows what changed (src, ext, Cargo files) better than a file list here could, and answers in well under a second.
  sh({ "CARGO_TARGET_DIR" => TARGET }, "cargo", "build", "--locked", "--package", "gitlab_kube_ruby", "--profile", PROFILE)
  unless File.exist?(LOADED) && FileUtils.identical?(BUILT, LOADED)
    mkdir_p File.dirname(LOADED)
    cp BUILT, "#{LOADED}.new"
    mv "#{LOADED}.new", LOADED # a rename: a Ruby that has the old library open keeps it whole
  end
end
