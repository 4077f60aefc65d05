# frozen_string_literal: true

# Makes a namespace for a project, and a token that is good for this namespace only.
# KUBECONFIG=… ruby -Ilib examples/restricted_namespace.rb
require_relative "support/cluster"

module RestrictedNamespace
  LABELS = { "app.gitlab.com/app" => "group-project", "app.gitlab.com/env" => "production" }.freeze

  module_function

  # @return [String] the token
  def make(client, name)
    client.create_namespace(metadata: { name: name, labels: LABELS })
    client.create_or_update_service_account(GitlabKube::Resource.new(metadata: { name: "gitlab", namespace: name }))
    client.create_or_update_role_binding(binding(name))
    sleep 0.01 until allowed?(client, name) # the server's authorizer learns of a binding a moment later
    client.create_token("gitlab", name, expiration_seconds: 3600).status.token
  end

  def binding(name)
    GitlabKube::Resource.new(
      metadata: { name: "gitlab-#{name}", namespace: name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "admin" },
      subjects: [{ kind: "ServiceAccount", name: "gitlab", namespace: name }]
    )
  end

  def allowed?(client, name)
    account = { user: "system:serviceaccount:#{name}:gitlab", resourceAttributes: { namespace: name, verb: "list", resource: "pods" } }
    review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec: account }
    client.raw(:post, "/apis/authorization.k8s.io/v1/subjectaccessreviews", body: review).status.allowed
  end

  # @return [Hash{String => Integer, String}] what the token may do where
  def probe(client, name)
    { name => name, "elsewhere" => "kube-system", "all namespaces" => nil }.transform_values do |namespace|
      "#{client.get_pods(namespace: namespace).size} pods"
    rescue GitlabKube::ForbiddenError => e
      e.error_code
    end
  end

  def remove(client, name)
    client.delete_namespace(name)
  end
end

if $PROGRAM_NAME == __FILE__
  client = Cluster.client
  name = "example-#{Process.pid}"
  begin
    token = RestrictedNamespace.make(client, name)
    RestrictedNamespace.probe(Cluster.client_with_token(token), name).each { |where, answer| puts "#{where}: #{answer}" }
  ensure
    RestrictedNamespace.remove(client, name)
  end
end
