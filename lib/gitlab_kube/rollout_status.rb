# frozen_string_literal: true

# How far the rollout of an environment has come.

require_relative "deployment"
require_relative "ingress"
require_relative "rollout_instances"

module GitlabKube
  # @example
  #   GitlabKube::RolloutStatus.from_deployments(*deployments, pods_attrs: pods).completion # => 33
  class RolloutStatus
    # @return [Object]
    attr_reader :deployments, :instances, :completion, :status, :canary_ingress

    # @param attrs [Array<Hash>] of deployments
    # @param pods_attrs [Array<Hash>]
    # @param ingresses [Array<Hash>]
    # @return [RolloutStatus]
    def self.from_deployments(*attrs, pods_attrs: [], ingresses: [])
      return new([], status: :not_found) if attrs.empty?

      deployments = attrs.map { |deployment| Deployment.new(deployment, pods: pods_attrs) }
      deployments = deployments.partition { |deployment| !deployment.stable? }.flatten # stable ones last, else as given
      pods = pods_attrs.map { |pod| Pod.new(pod) }
      new(deployments, pods: pods, ingresses: ingresses.map { |ingress| Ingress.new(ingress) })
    end

    # @return [RolloutStatus] while nothing is known yet
    def self.loading
      new([], status: :loading)
    end

    # @param deployments [Array<Deployment>]
    # @param pods [Array<Pod>]
    # @param ingresses [Array<Ingress>]
    # @param status [Symbol] :found, :not_found or :loading
    def initialize(deployments, pods: [], ingresses: [], status: :found)
      @status = status
      @deployments = deployments
      squares = RolloutInstances.new(deployments, pods)
      @instances = squares.pod_instances
      @completion = per_cent(squares.size)
      @canary_ingress = ingresses.find(&:canary?)
    end

    # @return [Boolean]
    def loading?
      status == :loading
    end

    # @return [Boolean]
    def found?
      status == :found
    end

    # @return [Boolean]
    def not_found?
      status == :not_found
    end

    # @return [Boolean] whether every instance runs
    def complete?
      completion == 100
    end

    # @return [Boolean]
    def canary_ingress_exists?
      !canary_ingress.nil?
    end

    private

    def per_cent(size)
      return 100 if size.zero?

      instances.count { |instance| instance[:status] == Pod::RUNNING.downcase } * 100 / size
    end
  end
end
