# frozen_string_literal: true

# A cluster in a kubeconfig.

module GitlabKube
  module Kubeconfig
    module Entry
      # @api private
      class Cluster
        # @return [String]
        attr_reader :name

        def initialize(name:, url:, ca_pem: nil)
          @name = name
          @url = url
          @ca_pem = ca_pem
        end

        # @return [Hash{Symbol => Object}]
        def to_h
          { name: name, cluster: { server: @url, "certificate-authority-data": authority }.compact }
        end

        private

        def authority
          [@ca_pem].pack("m0") unless @ca_pem.to_s.strip.empty?
        end
      end
    end
  end
end
