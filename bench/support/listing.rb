# frozen_string_literal: true

require_relative "contest"
require_relative "server"

module Bench
  # A contest in listing the pods of one namespace: each entrant says what it does with the answer.
  class Listing
    # More than the largest list of any bench.
    LIMITS = { decoded_bytes: 1 << 30, wire_bytes: 1 << 30 }.freeze

    def initialize(server, namespace, **contest)
      @server = server
      @namespace = namespace
      @contest = Contest.new(server: server, **contest)
    end

    # @yieldparam list [GitlabKube::ResourceList]
    def native(name, **options)
      @contest.entrant(name) do
        client = @server.native(limits: LIMITS, **options)
        client.get_pod("x", "n1") # connected
        -> { yield client.get_pods(namespace: @namespace) }
      end
    end

    # @param paths [Array<String>] what is plucked while the list comes
    # @param pause [Numeric, nil] seconds that the block takes for each thousandth row
    def streaming(name, *paths, pause: nil, **options)
      @contest.entrant(name) do
        client = @server.native.core_client
        client.get("pods", "x", namespace: "n1") # connected
        lambda do
          rows = 0
          client.pluck("pods", *paths, namespace: @namespace, **options) do |_row|
            rows += 1
            sleep(pause) if pause && (rows % 1_000).zero?
          end
          { count: rows }
        end
      end
    end

    # @yieldparam list [Array, Hash, String]
    def kubeclient(name, as: :ros)
      @contest.entrant(name) do
        client = @server.kubeclient(as: as)
        -> { yield client.get_pods(namespace: @namespace) }
      end
    end

    # What Ruby does by itself.
    def net_http(name)
      @contest.entrant(name) do
        http = @server.http
        -> { yield JSON.parse(http.get("/api/v1/namespaces/#{@namespace}/pods").body) }
      end
    end

    # @param work [String] of bench/peers/client-go
    def client_go(name, work)
      @contest.command(name, *@server.client_go(work, @namespace))
    end

    # @param protocol [String] h1, h2 or reqwest
    def floor(name, protocol)
      @contest.command(name, *@server.floor("/api/v1/namespaces/#{@namespace}/pods", protocol))
    end

    # @return [Hash{String => Result}]
    def run
      @contest.run
    end
  end
end
