# frozen_string_literal: true

# `Kubeclient::Common::EntityList.new(kind, resource_version, list, continue)`.
module Kubeclient
  # Lists.
  module Common
    # Lets a list be made as kubeclient makes them, which specs do.
    module EntityListConstruction
      # @example
      #   Kubeclient::Common::EntityList.new("Pod", "42", [pod])
      def initialize(*arguments, **options)
        if arguments.size > 2
          kind, resource_version, list, continue = arguments
          arguments = [list]
          options = { kind: kind, resource_version: resource_version, continue: continue }
        end
        super(*arguments, **options)
      end
    end

    GitlabKube::ResourceList.prepend(EntityListConstruction)
  end
end
