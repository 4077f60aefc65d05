# frozen_string_literal: true

module GitlabKube
  # One resource of a group version, by the name in its path: for kinds whose method names are awkward, or known at run time only.
  #
  # @example
  #   crons = client.client_for("stable.example.com/v1").resource("crontabs", namespace: "web")
  #   crons.list(label_selector: { app: "web" })
  class ResourceHandle
    # @return [String] such as "pods"
    attr_reader :resource
    # @return [String, nil]
    attr_reader :namespace

    # @param client [SubClient]
    # @api private
    def initialize(client, resource, namespace)
      @client = client
      @resource = resource
      @namespace = namespace
    end

    # @!method list(**options)
    #   @return [ResourceList] see {SubClient#list}; each method is its namesake there, with the resource and the namespace given
    %i[list get create update patch apply delete delete_collection watch each_page pluck].each do |verb|
      define_method(verb) do |*arguments, **options, &block|
        @client.public_send(verb, resource, *arguments, **{ namespace: namespace }.compact, **options, &block)
      end
    end

    # Sets how many there are, through the `scale` subresource.
    # @param replicas [Integer]
    # @param options [Hash] dry_run, field_manager, field_validation
    # @return [Resource] the Scale
    # @raise [ResourceNotFoundError]
    # @example
    #   client.apps_client.resource("deployments", namespace: "web").scale("web", 3)
    def scale(name, replicas, **options)
      patch(name, { spec: { replicas: Integer(replicas) } }, strategy: :merge_patch, subresource: "scale", **options)
    end

    # Asks for a pod to leave, where its disruption budget lets it.
    # @param options [Hash] dry_run
    # @return [Resource]
    # @raise [TooManyRequestsError] where the budget does not
    # @example
    #   client.core_client.resource("pods", namespace: "web").evict("web-0")
    def evict(name, **options)
      eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: name, namespace: namespace }.compact }
      create(eviction, name: name, subresource: "eviction", **options)
    end

    # @return [String]
    def inspect
      "#<#{self.class} #{resource}>"
    end
  end
end
