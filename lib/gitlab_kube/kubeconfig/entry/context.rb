# frozen_string_literal: true

# A context in a kubeconfig.

module GitlabKube
  module Kubeconfig
    module Entry
      # @api private
      class Context
        # @return [String]
        attr_reader :name

        def initialize(name:, cluster:, user:, namespace: nil)
          @name = name
          @cluster = cluster
          @user = user
          @namespace = namespace
        end

        # @return [Hash{Symbol => Object}]
        def to_h
          { name: name, context: { cluster: @cluster, namespace: @namespace, user: @user }.compact }
        end
      end
    end
  end
end
