# frozen_string_literal: true

# Shell for pods whose commands may fail at first.

module GitlabKube
  # Command lines for a container's shell.
  module PodCmd
    # @param command [String] shell
    # @param times [Integer]
    # @return [String] shell that tries it, a second apart, and ends with its last exit code
    # @example
    #   GitlabKube::PodCmd.retry_command("helm version")
    def self.retry_command(command, times: 3)
      %(for i in $(seq 1 #{times}); do #{command} && s=0 && break || s=$?; sleep 1s; echo "Retrying ($i)..."; done; (exit $s))
    end
  end
end
