# frozen_string_literal: true

# The two application settings that decide what may be dialled, as GitLab's admins change them: while the application runs.
module Settings
  class << self
    attr_accessor :allow_local_requests, :dns_rebinding_protection

    # Back to what a new installation has.
    def reset
      self.allow_local_requests = false
      self.dns_rebinding_protection = true
    end
  end

  reset
end
