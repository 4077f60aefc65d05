# frozen_string_literal: true

# The Kubernetes control plane that the acceptance specs, the examples and the demo run on. The acceptance specs are its tests.
desc "Build testcluster/testcluster"
task(:testcluster) { sh "testcluster/build" }
