# frozen_string_literal: true

# Whether a cluster can be reached, for its status page.

module GitlabKube
  module Services
    # @example
    #   GitlabKube::Services::ConnectionStatus.new(client, cluster_id: 7).execute # => { connection_status: :connected }
    class ConnectionStatus
      # @param client [KubeClient]
      # @param cluster_id [Object] told to the error tracker with errors nobody expected
      def initialize(client, cluster_id:)
        @client = client
        @cluster_id = cluster_id
      end

      # @return [Hash{Symbol => Symbol}] connection_status and, where it failed, connection_error
      def execute
        result = KubeClient.graceful_request(@cluster_id) { @client.core_client.discover }
        { connection_status: result[:status], connection_error: result[:connection_error] }.compact
      end
    end
  end
end
