require_relative "gitlab_kube/native"
