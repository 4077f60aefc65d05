# frozen_string_literal: true

# What this gem has nothing of: the application's stays.
module Gitlab
  module Kubernetes
    class Own
      APPLICATIONS = true
    end
  end
end
