# frozen_string_literal: true

# Opt-in: this gem's objects under GitLab's names, `Gitlab::Kubernetes::*`, for an application that has left its own copy.
require_relative "../gitlab_kube"
require_relative "resources"

# GitLab's namespace.
module Gitlab
  # The same objects as in GitlabKube. What an application still has of its own here stays, as long as this gem has nothing of that name.
  module Kubernetes
    include GitlabKube::Kubernetes

    # What of GitlabKube has no place under GitLab's name: its own inner works, and its doors.
    KEPT_BACK = %i[
      Native NATIVE_LIBRARIES Errors Error RSpec Kubeclient WebMockAdapter Configuration Connection ConnectionOptions Interceptor Query
      DocumentFormat VERSION
    ].freeze
    private_constant :KEPT_BACK

    # The exceptions that mean a cluster cannot be reached, or does not know us.
    module Errors
      # It cannot be reached.
      CONNECTION = GitlabKube::GracefulRequest::CONNECTION
      # It is not who it should be.
      AUTHENTICATION = GitlabKube::GracefulRequest::AUTHENTICATION
    end

    (GitlabKube.constants(false) - KEPT_BACK).each do |name|
      theirs = const_defined?(name, false)
      if theirs
        raise "gitlab_kube/gitlab: the application has a Gitlab::Kubernetes::#{name} of its own; remove it, or say GitlabKube::#{name}"
      end

      const_set(name, GitlabKube.const_get(name))
    end
  end
end
