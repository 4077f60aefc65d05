# frozen_string_literal: true

# The client without Ruby.
desc "Run the core's tests where no Ruby can be found"
task :core do
  sh ".ci/without-ruby", "cargo", "test", "--locked", "--package", "gitlab_kube"
end
