# frozen_string_literal: true

# `Kubeclient::Common::EntityList.new(kind, resource_version, list, continue)`.
module Kubeclient
  module Common
    # Lets a list be made as kubeclient makes them, which specs do.
    module EntityListConstruction
      # @example
      #   Kubeclient::Common::EntityList.new("Pod", "42", [pod])
      def initialize(*arguments, **options)
        return super if arguments.size < 3

        kind, resource_version, list, continue = arguments
        super(list, kind: kind, resource_version: resource_version, continue: continue)
      end
    end

    EntityList.prepend(EntityListConstruction)
  end
end
