# frozen_string_literal: true

require_relative "../errors"

module GitlabKube
  module Instrumentation
    # What may be told of a call: words of the caller's code and of a fixed list, never a name and never a server's.
    # @api private
    module Facts
      # The plurals Kubernetes and GitLab's charts have. Discovery is the server's, so any other plural may be the server's words; and
      # a subscriber's metric must not get as many labels as a server likes.
      RESOURCES = %w[
        bindings componentstatuses configmaps endpoints events limitranges namespaces nodes persistentvolumeclaims persistentvolumes
        pods podtemplates replicationcontrollers resourcequotas secrets serviceaccounts services controllerrevisions daemonsets
        deployments replicasets statefulsets jobs cronjobs horizontalpodautoscalers certificatesigningrequests leases endpointslices
        ingresses ingressclasses networkpolicies runtimeclasses poddisruptionbudgets clusterroles clusterrolebindings roles
        rolebindings priorityclasses csidrivers csinodes storageclasses volumeattachments customresourcedefinitions apiservices
        mutatingwebhookconfigurations validatingwebhookconfigurations tokenreviews subjectaccessreviews selfsubjectaccessreviews
        gateways virtualservices ciliumnetworkpolicies servicemonitors
      ].to_h { |name| [name, name] }.freeze
      # What stands for every other.
      OTHER = "other"
      VERBS = { post: "create", put: "update", patch: "patch" }.freeze

      module_function

      # @param request [Hash] as for {Connection#call}
      # @return [Hash{Symbol => Object}]
      def of(request, cluster)
        resource = request[:resource] && RESOURCES.fetch(request[:resource].to_s, OTHER)
        { verb: verb(request), group: request[:group], version: request[:version], resource: resource,
          subresource: request[:subresource], cluster_id: cluster }.compact
      end

      # Kubernetes' word, as in its audit log and its roles.
      # @return [String]
      def verb(request)
        return "discover" if request[:discovery]
        return request[:verb].to_s unless request[:resource]

        case request[:verb]
        when :get then reading(request)
        when :delete then request[:name] ? "delete" : "deletecollection"
        else VERBS.fetch(request[:verb], request[:verb].to_s)
        end
      end

      # @return [Hash{Symbol => Object}]
      def of_error(error)
        { error_class: error.class.name, code: (error.error_code if error.respond_to?(:error_code)),
          reason: (error.reason if error.is_a?(Error)) }.compact
      end

      # @return [Integer, nil] of a document or a text; a stream's are not known
      def bytes(result)
        result.bytesize if result.respond_to?(:bytesize)
      end

      def reading(request)
        return "get" if request[:name]

        request[:want] == :stream ? "watch" : "list"
      end
    end
  end
end
