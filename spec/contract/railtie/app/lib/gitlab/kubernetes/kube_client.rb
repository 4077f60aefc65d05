# frozen_string_literal: true

# The application's client: not loaded, and so not reopened on top of this gem's.
module Gitlab
  module Kubernetes
    class KubeClient
      APPLICATIONS = true
    end
  end
end
