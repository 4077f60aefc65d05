# frozen_string_literal: true

# The nodes of a cluster record and how busy they are.

require_relative "services/node_usage"

module GitlabKube
  # @example
  #   GitlabKube::Node.new(cluster).all[:nodes]
  class Node
    # @param cluster [#kubeclient, #id]
    def initialize(cluster)
      @cluster = cluster
    end

    # @return [Hash] as {Services::NodeUsage#execute}
    def all
      Services::NodeUsage.new(@cluster.kubeclient, cluster_id: @cluster.id).execute
    end
  end
end
