# frozen_string_literal: true

# What GitLab calls the accounts and roles it makes.

module GitlabKube
  module Services
    # The same names as GitLab's, so that what it made before is found again.
    module AccountNames
      # Manages the cluster.
      GITLAB_SERVICE_ACCOUNT_NAME = "gitlab"
      # Where it lives.
      GITLAB_SERVICE_ACCOUNT_NAMESPACE = "default"
      # The Secret of its token.
      GITLAB_ADMIN_TOKEN_NAME = "gitlab-token"
      # Binds it.
      GITLAB_CLUSTER_ROLE_BINDING_NAME = "gitlab-admin"
      # What it is bound to.
      GITLAB_CLUSTER_ROLE_NAME = "cluster-admin"
      # What an environment's account is bound to.
      PROJECT_CLUSTER_ROLE_NAME = "admin"
      # Lets it use Knative.
      GITLAB_KNATIVE_SERVING_ROLE_NAME = "gitlab-knative-serving-role"
      # Binds that.
      GITLAB_KNATIVE_SERVING_ROLE_BINDING_NAME = "gitlab-knative-serving-rolebinding"
      # Lets it use databases.
      GITLAB_CROSSPLANE_DATABASE_ROLE_NAME = "gitlab-crossplane-database-role"
      # Binds that.
      GITLAB_CROSSPLANE_DATABASE_ROLE_BINDING_NAME = "gitlab-crossplane-database-rolebinding"
      # Where Knative lives.
      KNATIVE_SERVING_NAMESPACE = "knative-serving"
      # Where Istio lives.
      ISTIO_SYSTEM_NAMESPACE = "istio-system"
    end
  end
end
