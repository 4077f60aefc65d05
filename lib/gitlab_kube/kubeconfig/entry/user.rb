# frozen_string_literal: true

# A user in a kubeconfig.

module GitlabKube
  module Kubeconfig
    # What a kubeconfig is made of.
    module Entry
      # @api private
      class User
        # @return [String]
        attr_reader :name

        def initialize(name:, token:)
          @name = name
          @token = token
        end

        # @return [Hash{Symbol => Object}]
        def to_h
          { name: name, user: { token: @token } }
        end

        # @return [String] without the token
        def inspect
          "#<#{self.class} #{name}>"
        end
      end
    end
  end
end
