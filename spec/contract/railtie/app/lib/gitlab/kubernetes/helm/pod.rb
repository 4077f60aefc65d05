# frozen_string_literal: true

# The application's pod: not loaded.
module Gitlab
  module Kubernetes
    module Helm
      class Pod
        APPLICATIONS = true
      end
    end
  end
end
