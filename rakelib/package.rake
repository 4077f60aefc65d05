# frozen_string_literal: true

# The gem as users get it.
desc "Build pkg/gitlab_kube-VERSION.gem"
task :package do
  mkdir_p "pkg"
  sh RbConfig.ruby, "-S", "gem", "build", "gitlab_kube.gemspec", "--output", "pkg/gitlab_kube-#{GitlabKube::VERSION}.gem"
end

namespace :package do
  desc "Install the .gem alone, offline, into an empty place, and use it"
  task :test do
    sh RbConfig.ruby, "-S", "rspec", "--exclude-pattern", "", "spec/packaging"
  end
end
