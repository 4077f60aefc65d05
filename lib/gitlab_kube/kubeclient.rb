# frozen_string_literal: true

# Opt-in: the kubeclient gem's names for this gem's objects, so that a program written for kubeclient runs unchanged. docs/kubeclient.md
# lists where it then behaves differently, and why.
if defined?(Kubeclient) && !defined?(Kubeclient::GITLAB_KUBE)
  raise "gitlab_kube/kubeclient cannot be loaded beside the kubeclient gem: both define Kubeclient. Take one of them out of the Gemfile."
end

require_relative "../gitlab_kube"

# The kubeclient gem's namespace.
module Kubeclient
  # What tells this door from the gem.
  GITLAB_KUBE = GitlabKube::VERSION

  # The newest release of the kubeclient gem whose surface this door has.
  VERSION = "4.13.0"

  # The client of one group version. (GitLab's specs ask whether sub-clients are instances of exactly this.)
  Client = GitlabKube::SubClient
  # One object.
  Resource = GitlabKube::Resource
  # An answer that is no success, or none.
  HttpError = GitlabKube::HttpError
  # 404.
  ResourceNotFoundError = GitlabKube::ResourceNotFoundError
  # 409, where the object is there already.
  ResourceAlreadyExistsError = GitlabKube::ResourceAlreadyExistsError

  # What comes back from lists and watches.
  module Common
    # A list.
    EntityList = GitlabKube::ResourceList
    # A watch.
    WatchStream = GitlabKube::WatchStream
  end
end

# Kubeclient's deprecated word for what all its errors are.
KubeException = Kubeclient::HttpError

require_relative "kubeclient/redirects"
require_relative "kubeclient/server_words"
require_relative "kubeclient/construction"
require_relative "kubeclient/watch_path"
require_relative "kubeclient/resource_hashes"
require_relative "kubeclient/definition"
require_relative "kubeclient/client_mixin"
require_relative "kubeclient/entity_list"
require_relative "kubeclient/config"
require_relative "kubeclient/exec_credentials"
require_relative "kubeclient/aws_eks_credentials"
require_relative "kubeclient/google_application_default_credentials"
require_relative "kubeclient/gcp_command_credentials"
require_relative "kubeclient/gcp_auth_provider"
require_relative "kubeclient/oidc_auth_provider"

# A library that says `require "kubeclient"` gets this door, not the gem on top of it.
$LOADED_FEATURES << "kubeclient.rb"
