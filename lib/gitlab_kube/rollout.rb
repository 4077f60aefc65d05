# frozen_string_literal: true

module GitlabKube
  # A Deployment did not make progress within its deadline.
  class RolloutError < StandardError
    include Error
  end

  # Whether a workload runs what its spec says: kubectl's rules (polymorphichelpers/rollout_status.go).
  # @api private
  module Rollout
    # The resources that are rolled out.
    RESOURCES = %w[deployments statefulsets daemonsets].freeze

    module_function

    # @param resource [String] what the object is one of: an item of a list does not say
    # @param object [Hash] with Symbol keys
    # @return [Boolean]
    # @raise [RolloutError]
    # @raise [InvalidResponseError] Ruby's own errors would quote what the object holds in the place of numbers
    def done?(resource, object)
      spec, status = object.values_at(:spec, :status).map { |part| part || {} }
      return false if status.fetch(:observedGeneration, 0) < object.dig(:metadata, :generation).to_i

      case resource
      when "deployments" then deployment?(spec, status)
      when "statefulsets" then stateful_set?(spec, status)
      when "daemonsets" then daemon_set?(status)
      end
    rescue NoMethodError, TypeError, ArgumentError
      raise InvalidResponseError.new(nil, "the object's spec or status is of another shape"), cause: nil
    end

    def deployment?(spec, status)
      progress = Array(status[:conditions]).find { |row| row[:type] == "Progressing" }
      raise RolloutError, "the Deployment's progress deadline has passed" if progress && progress[:reason] == "ProgressDeadlineExceeded"

      updated = status.fetch(:updatedReplicas, 0)
      updated >= spec.fetch(:replicas, 1) && status.fetch(:replicas, 0) <= updated && status.fetch(:availableReplicas, 0) >= updated
    end

    def stateful_set?(spec, status)
      wanted = spec.fetch(:replicas, 1)
      return false if status.fetch(:readyReplicas, 0) < wanted

      partition = spec.dig(:updateStrategy, :rollingUpdate, :partition).to_i
      return status.fetch(:updatedReplicas, 0) >= wanted - partition if partition.positive?

      status[:updateRevision] == status[:currentRevision]
    end

    def daemon_set?(status)
      wanted = status.fetch(:desiredNumberScheduled, 0)
      status.fetch(:updatedNumberScheduled, 0) >= wanted && status.fetch(:numberAvailable, 0) >= wanted
    end
  end
end
