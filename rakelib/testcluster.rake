# frozen_string_literal: true

# The Kubernetes control plane that the acceptance specs, the examples and the demo run on.
desc "Build testcluster/testcluster"
task(:testcluster) { sh "testcluster/build" }

namespace :testcluster do
  desc "Run the control plane's own tests"
  task test: :testcluster do
    sh "go", "test", "-v", "./...", chdir: "testcluster"
  end
end
