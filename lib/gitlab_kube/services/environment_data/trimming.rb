# frozen_string_literal: true

# The few fields of an object that GitLab shows.

module GitlabKube
  module Services
    class EnvironmentData
      # Each method takes a Resource and answers a plain, String-keyed Hash. A field that is not there stays away.
      #
      # @api private
      module Trimming
        module_function

        def pod(pod)
          {
            "metadata" => metadata(pod, %w[name generateName labels annotations creationTimestamp]),
            "status" => { "phase" => pod.dig(:status, :phase) },
            "spec" => { "containers" => (pod.dig(:spec, :containers) || []).map { |container| { "name" => container[:name] } } }
          }
        end

        def deployment(deployment)
          {
            "metadata" => metadata(deployment, %w[name generation labels annotations]),
            "spec" => { "replicas" => deployment.dig(:spec, :replicas) },
            "status" => { "observedGeneration" => deployment.dig(:status, :observedGeneration) }
          }
        end

        def ingress(ingress)
          { "metadata" => metadata(ingress, %w[name labels annotations]) }
        end

        def metadata(object, names)
          names.to_h { |name| [name, plain(object.dig(:metadata, name))] }.compact
        end

        def plain(value)
          value.is_a?(Resource) ? value.as_json : value
        end
      end
    end
  end
end
