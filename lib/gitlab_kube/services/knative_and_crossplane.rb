# frozen_string_literal: true

# What an environment's account may do beyond its own namespace's ordinary objects.

module GitlabKube
  module Services
    # @api private
    module KnativeAndCrossplane
      KNATIVE_RULE = {
        apiGroups: %w[serving.knative.dev],
        resources: %w[configurations configurationgenerations routes revisions revisionuids autoscalers services],
        verbs: %w[get list create update delete patch watch]
      }.freeze
      CROSSPLANE_RULE = {
        apiGroups: %w[database.crossplane.io], resources: %w[postgresqlinstances], verbs: %w[get list create watch]
      }.freeze

      private

      def update_knative_and_crossplane
        update_role_and_binding(
          AccountNames::GITLAB_KNATIVE_SERVING_ROLE_NAME, AccountNames::GITLAB_KNATIVE_SERVING_ROLE_BINDING_NAME, KNATIVE_RULE
        )
        update_role_and_binding(
          AccountNames::GITLAB_CROSSPLANE_DATABASE_ROLE_NAME, AccountNames::GITLAB_CROSSPLANE_DATABASE_ROLE_BINDING_NAME, CROSSPLANE_RULE
        )
      end

      def update_role_and_binding(role, binding, rule)
        kubeclient.update_role(Role.new(name: role, namespace: namespace, rules: [rule]).resource!)
        kubeclient.update_role_binding(role_binding(binding, role, :Role))
      end
    end
  end
end
