# frozen_string_literal: true

# Opt-in: this gem's objects under GitLab's names, `Gitlab::Kubernetes::*`, for an application that has left its own copy.
require_relative "../gitlab_kube"
require_relative "gitlab_names"
require_relative "resources"

# GitLab's namespace.
module Gitlab
  # The same objects as in GitlabKube. What an application has of its own here stays, as long as this gem has nothing of that name.
  module Kubernetes
    include GitlabKube::Kubernetes

    GitlabKube::GITLAB_NAMES.each do |name|
      next unless const_defined?(name, false)

      raise "gitlab_kube/gitlab: the application has a Gitlab::Kubernetes::#{name} of its own; remove it, or say GitlabKube::#{name}"
    end

    (GitlabKube::GITLAB_NAMES - %i[Errors]).each { |name| const_set(name, GitlabKube.const_get(name, false)) }

    # The exceptions that mean a cluster cannot be reached, or does not know us.
    module Errors
      # It cannot be reached.
      CONNECTION = GitlabKube::GracefulRequest::CONNECTION
      # It is not who it should be.
      AUTHENTICATION = GitlabKube::GracefulRequest::AUTHENTICATION
    end
  end
end
