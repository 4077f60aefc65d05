# frozen_string_literal: true

# GitlabKube: a Kubernetes client for GitLab Rails whose network, parsing, watching and caching live in Rust.
module GitlabKube
end

require_relative "gitlab_kube/version"
require_relative "gitlab_kube/native"
require_relative "gitlab_kube/errors"
require_relative "gitlab_kube/configuration"
require_relative "gitlab_kube/interceptor"
require_relative "gitlab_kube/resource"
require_relative "gitlab_kube/resource_list"
require_relative "gitlab_kube/connection_options"
require_relative "gitlab_kube/connection"
require_relative "gitlab_kube/query"
require_relative "gitlab_kube/watch_stream"
require_relative "gitlab_kube/sub_client"
require_relative "gitlab_kube/kube_client"
require_relative "gitlab_kube/reactive_caching"
