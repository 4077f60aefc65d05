# frozen_string_literal: true

# The application's module: not loaded.
module Gitlab
  module Kubernetes
    APPLICATIONS = true
  end
end
