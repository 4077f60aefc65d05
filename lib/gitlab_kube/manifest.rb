# frozen_string_literal: true

# What everything that generates a Kubernetes object has in common.

require_relative "names"
require_relative "resource"

module GitlabKube
  # An object to be: `generate` builds it as GitLab always did, `to_hash` checks it first. So the client takes the
  # builder itself, and what Kubernetes would refuse never leaves:
  #
  # @example
  #   client.create_service_account(GitlabKube::ServiceAccount.new("gitlab", "default"))
  module Manifest
    # Checks what Kubernetes would refuse. `generate` does not: GitLab generates objects that it never sends.
    #
    # @return [self]
    # @raise [InvalidArgumentError]
    def validate!
      check
      self
    end

    # @return [Resource] generated and checked
    # @raise [InvalidArgumentError]
    def resource!
      validate!.generate
    end

    # @return [Hash{Symbol => Object}] generated and checked
    # @raise [InvalidArgumentError]
    def to_hash
      resource!.to_h
    end

    # @return [String] the class and nothing it holds
    def inspect
      "#<#{self.class}>"
    end
  end
end
