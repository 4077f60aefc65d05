# frozen_string_literal: true

module GitlabKube
  # The version of the gem, of its core and of its binding.
  VERSION = "0.1.0"
end
