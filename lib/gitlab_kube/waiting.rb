# frozen_string_literal: true

require_relative "clock"
require_relative "rollout"

module GitlabKube
  # Waits until an object is as it should be: by a watch, not by asking again and again.
  module Waiting
    # @param resource [String] such as "pods"
    # @param name [String]
    # @param condition [String, nil] of `status.conditions`, which must be "True"; without one the block decides
    # @param deleted [Boolean] whether to wait until it is gone
    # @param timeout [Numeric] seconds; a request that the server has not begun to answer may take as long as the client's `timeouts` say
    # @yieldparam object [Resource]
    # @yieldreturn [Boolean]
    # @return [Resource, nil] the object; nil where it is gone
    # @raise [TimeoutError]
    # @example
    #   client.core_client.wait_for("pods", "web-0", namespace: "web", condition: "Ready")
    #   client.core_client.wait_for("namespaces", "web", deleted: true, timeout: 300)
    def wait_for(resource, name, namespace: nil, condition: nil, deleted: false, timeout: 60, &block)
      given = [condition, block, deleted || nil].compact
      raise InvalidArgumentError, "wait_for takes one of condition:, deleted: true and a block" unless given.one?

      met = block || (condition && ->(object) { Waiting.condition?(object, condition) })
      found = catch(:found) do
        watch_one(resource, name, namespace, timeout) do |object|
          throw :found, [object] if object ? met&.call(object) : deleted
        end
      end
      found ? found.first : raise(TimeoutError.new(nil, "Timed out: the object is not yet as it was waited for"))
    end

    # Waits until a Deployment, StatefulSet or DaemonSet runs what its spec says, as `kubectl rollout status` does.
    # @param resource [String] "deployments", "statefulsets" or "daemonsets"
    # @return [Resource]
    # @raise [TimeoutError]
    # @raise [RolloutError] where a Deployment's progress deadline has passed
    # @example
    #   client.apps_client.wait_for_rollout("deployments", "web", namespace: "web", timeout: 300)
    def wait_for_rollout(resource, name, namespace: nil, timeout: 600)
      unless Rollout::RESOURCES.include?(resource)
        raise InvalidArgumentError, "only Deployments, StatefulSets and DaemonSets are rolled out: #{Rollout::RESOURCES.join(', ')}"
      end

      wait_for(resource, name, namespace: namespace, timeout: timeout) { |object| Rollout.done?(resource, object.to_h) }
    end

    # @api private
    def self.condition?(object, type)
      status = object.to_h[:status]
      rows = Array(status[:conditions]).grep(Hash) if status.is_a?(Hash)
      !rows.nil? && rows.any? { |row| row[:type] == type && row[:status] == "True" }
    end

    private

    # Yields the object as it is and as it becomes; nil where there is none.
    def watch_one(resource, name, namespace, timeout)
      deadline = Clock.now + timeout
      list = list(resource, namespace: namespace, as: :ros, field_selector: "metadata.name=#{name}")
      yield list.first
      stream = watch(resource, namespace: namespace, name: name, as: :ros, resource_version: list.resource_version, resume: true)
      timer = Thread.new { sleep([deadline - Clock.now, 0].max) && stream.finish }
      stream.each { |notice| yield(notice.type == "DELETED" ? nil : notice.object) }
      nil
    ensure
      timer&.kill
    end
  end
end
