# frozen_string_literal: true

# What kubeclient's clients have besides the methods that discovery gives them.
require "json"

# What the client can do without discovery.
module Kubeclient
  # The calls underneath the generated ones, and those that are not about one kind. None of them asks the server what it serves.
  module ClientMixin
    # The verbs of the methods that discovery gives.
    ENTITY_METHODS = %w[get watch delete create update patch json_patch merge_patch apply].freeze

    class << self
      # @param kind [String]
      # @param name [String] its plural
      # @return [Definition]
      # @example
      #   Kubeclient::ClientMixin.parse_definition("Pod", "pods").method_names # => ["pod", "pods"]
      def parse_definition(kind, name)
        Definition.parse(kind, name)
      end

      # @param entity_name [String] a kind
      # @return [String]
      # @example
      #   Kubeclient::ClientMixin.underscore_entity("ConfigMap") # => "config_map"
      def underscore_entity(entity_name)
        Definition.underscore(entity_name)
      end
    end

    # @param entity_type [String] the kind of the items
    # @param resource_name [String] such as "pods"
    # @param options [Hash] as for `get_pods`
    # @return [Common::EntityList, String, Hash]
    # @example
    #   client.get_entities("Pod", "pods", namespace: "gitlab")
    def get_entities(entity_type, resource_name, options = {})
      list(resource_name, kind: entity_type, **options)
    end

    # @return [Resource, String, Hash]
    # @example
    #   client.get_entity("pods", "web-0", "gitlab")
    def get_entity(resource_name, name, namespace = nil, options = {})
      get(resource_name, name, namespace: namespace, **options)
    end

    # @return [Resource, String, Hash]
    # @example
    #   client.create_entity("Pod", "pods", pod)
    def create_entity(entity_type, resource_name, entity_config)
      create(resource_name, entity_config, kind: entity_type)
    end

    # @return [Resource, String, Hash]
    # @example
    #   client.update_entity("pods", pod)
    def update_entity(resource_name, entity_config)
      update(resource_name, entity_config)
    end

    # @param strategy [String] "strategic-merge-patch", "merge-patch" or "json-patch"
    # @return [Resource, String, Hash]
    # @example
    #   client.patch_entity("pods", "web-0", { metadata: { labels: { a: "b" } } }, "merge-patch", "gitlab")
    def patch_entity(resource_name, name, patch, strategy, namespace)
      patch(resource_name, name, patch, namespace: namespace, strategy: strategy.tr("-", "_").to_sym)
    end

    # @return [Resource, String, Hash]
    # @example
    #   client.apply_entity("pods", pod, field_manager: "gitlab")
    def apply_entity(resource_name, resource, field_manager:, force: true)
      apply(resource_name, resource, field_manager: field_manager, force: force)
    end

    # @return [Resource, String, Hash]
    # @example
    #   client.delete_entity("pods", "web-0", "gitlab", delete_options: { gracePeriodSeconds: 0 })
    def delete_entity(resource_name, name, namespace = nil, delete_options: {})
      delete(resource_name, name, namespace: namespace, delete_options: delete_options)
    end

    # @return [Common::WatchStream, nil]
    # @example
    #   client.watch_entities("pods", namespace: "gitlab") { |notice| puts notice.type }
    def watch_entities(resource_name, options = {}, &block)
      watch(resource_name, **options, &block)
    end

    # Every kind of the group, one request for each; what may not be listed is left out.
    #
    # @param options [Hash] as for `get_pods`
    # @return [Hash{String => Common::EntityList}] by the kind's singular method name
    # @example
    #   client.all_entities(namespace: "gitlab")["pod"].size
    def all_entities(options = {})
      entities.each_with_object({}) do |entity, found|
        found[entity[:names].first.first] = list(entity[:resource], **options)
      rescue HttpError
        next
      end
    end

    # @param template [Hash, Resource] OpenShift's
    # @return [Hash]
    # @example
    #   client.process_template(metadata: { name: "web", namespace: "gitlab" }, parameters: [])
    def process_template(template)
      create("processedtemplates", template, as: :parsed)
    end

    # @return [Hash] what the server says of this group and its versions
    # @raise [HttpError]
    # @example
    #   client.api # => { "versions" => ["v1"] }
    def api
      raw(:get, "/#{group}").value(false)
    end

    # @return [Boolean] whether the server has this client's version
    # @example
    #   client.api_valid?
    def api_valid?
      versions = api["versions"] || []
      versions.any? { |version| version.is_a?(Hash) ? version["version"] == api_version : version.include?(api_version) }
    end
  end

  GitlabKube::SubClient.include(ClientMixin)
end
