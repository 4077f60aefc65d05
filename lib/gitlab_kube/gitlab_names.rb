# frozen_string_literal: true

# The names this gem takes in Gitlab::Kubernetes, for those who open that door and those who first look what is behind it.
module GitlabKube
  # What GitLab has, or had, in this module.
  GITLAB_NAMES = %i[
    KubeClient Namespace DefaultNamespace Node Pod Deployment Ingress RolloutStatus RolloutInstances
    ServiceAccount ServiceAccountToken ClusterRole ClusterRoleBinding Role RoleBinding GenericSecret TlsSecret ConfigMap ConfigMaps
    NetworkPolicy NetworkPolicyCommon CiliumNetworkPolicy Kubeconfig Helm PodCmd KubectlCmd Logger Errors
  ].freeze
end
