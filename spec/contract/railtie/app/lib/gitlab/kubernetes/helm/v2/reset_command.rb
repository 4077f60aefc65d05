# frozen_string_literal: true

# Inside of a namespace that is this gem's: the application's stays.
module Gitlab
  module Kubernetes
    module Helm
      module V2
        class ResetCommand
          APPLICATIONS = true
        end
      end
    end
  end
end
