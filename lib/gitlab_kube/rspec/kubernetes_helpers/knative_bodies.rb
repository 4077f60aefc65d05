# frozen_string_literal: true

# A Knative service as four releases of Knative wrote it. Two shapes: 0.5 and 0.6 nest a configuration, 0.7 and later a pod template.
module GitlabKube
  module RSpec
    # Knative services.
    module KubernetesHelpers
      # What differs between releases: the seconds at which it was made and became ready, its revision, and its identity.
      KNATIVE_RELEASES = {
        "0.5" => { made: 19, ready: 24, revision: "58qgr", resource_version: "330390", uid: "9c710da6-f511-11e9-9ba0-42010a800161" },
        "0.6" => { made: 20, ready: 25, revision: "bskx6", resource_version: "6042", uid: "9c7f63d0-f511-11e9-8815-42010a80002f" },
        "0.7" => { made: 13, ready: 15, revision: "92tsj", resource_version: "289726", uid: "988349fa-f511-11e9-9ea1-42010a80005e" }
      }.freeze

      # @return [Hash] as Knative 0.5 writes it; with what GitLab adds: environment scope, cluster and pod count
      # @example
      #   knative_05_service(name: "hello", namespace: "functions")
      def knative_05_service(cluster_id: 8, **options)
        knative_service("0.5", cluster_id, **options) do |service|
          container = knative_container("", service, resources: { "requests" => { "cpu" => "400m" } })
          { "spec" => knative_run_latest(container, service),
            "status" => knative_domains(service).merge("address" => knative_hostname(service)) }
        end
      end

      # @return [Hash] as Knative 0.6 writes it
      # @example
      #   knative_06_service(domain: "apps.example.com")
      def knative_06_service(cluster_id: 9, **options)
        knative_service("0.6", cluster_id, **options) do |service|
          address = knative_hostname(service).merge(knative_internal_url(service))
          status = knative_domains(service).merge("address" => address, "url" => knative_url(service))
          { "spec" => knative_run_latest(knative_container("", service), service), "status" => status }
        end
      end

      # @return [Hash] as Knative 0.7 writes it
      # @example
      #   knative_07_service(description: "says hello")
      def knative_07_service(cluster_id: 5, **options)
        knative_service("0.7", cluster_id, **options) do |service|
          status = { "address" => knative_internal_url(service), "url" => knative_url(service) }
          { "spec" => knative_template(knative_container("user-container", service), service), "status" => status }
        end
      end

      # Knative 0.9 writes what 0.7 does.
      alias knative_09_service knative_07_service

      # @return [Hash] a list of one Knative service
      # @example
      #   kube_knative_services_body(namespace: "gitlab")["items"].first["metadata"]["namespace"] # => "gitlab"
      def kube_knative_services_body(**options)
        { "kind" => "List", "items" => [knative_09_service(**options)] }
      end

      # @param name [String]
      # @param namespace [String]
      # @return [Hash] a list of one pod of that service
      # @example
      #   stub_request(:get, "#{api_url}/api/v1/pods").to_return(kube_response(kube_knative_pods_body("web", "gitlab")))
      def kube_knative_pods_body(name, namespace)
        { "kind" => "PodList", "items" => [kube_knative_pod(name: name, namespace: namespace)] }
      end

      private

      def knative_service(
        release, cluster_id, name: "kubetest", namespace: "default", domain: "example.com",
        description: "a knative service", environment: "production"
      )
        service = KNATIVE_RELEASES.fetch(release).merge(name: name, namespace: namespace, domain: domain, description: description)
        parts = yield(service)
        {
          "apiVersion" => "serving.knative.dev/v1alpha1", "kind" => "Service", "metadata" => knative_metadata(service),
          "spec" => parts["spec"], "status" => knative_status(service, pinned: release == "0.5").merge(parts["status"]),
          "environment_scope" => environment, "cluster_id" => cluster_id, "podcount" => 0
        }
      end

      def knative_metadata(service)
        account = "system:serviceaccount:#{service[:namespace]}:#{service[:namespace]}-service-account"
        {
          "annotations" => { "serving.knative.dev/creator" => account, "serving.knative.dev/lastModifier" => account },
          "creationTimestamp" => "2019-10-22T21:19:#{service[:made]}Z", "generation" => 1, "labels" => { "service" => service[:name] },
          "name" => service[:name], "namespace" => service[:namespace], "resourceVersion" => service[:resource_version],
          "selfLink" => "/apis/serving.knative.dev/v1alpha1/namespaces/#{service[:namespace]}/services/#{service[:name]}",
          "uid" => service[:uid]
        }
      end

      def knative_status(service, pinned:)
        revision = "#{service[:name]}-#{service[:revision]}"
        traffic = { "latestRevision" => (true unless pinned), "percent" => 100, "revisionName" => revision }.compact
        conditions = %w[ConfigurationsReady Ready RoutesReady].map do |type|
          { "lastTransitionTime" => "2019-10-22T21:20:#{service[:ready]}Z", "status" => "True", "type" => type }
        end
        {
          "conditions" => conditions, "latestCreatedRevisionName" => revision, "latestReadyRevisionName" => revision,
          "observedGeneration" => 1, "traffic" => [traffic]
        }
      end

      def knative_run_latest(container, service)
        revision = knative_revision(service, "container" => container)
        { "runLatest" => { "configuration" => { "revisionTemplate" => revision } } }
      end

      def knative_template(container, service)
        {
          "template" => knative_revision(service, "containers" => [container]),
          "traffic" => [{ "latestRevision" => true, "percent" => 100 }]
        }
      end

      def knative_revision(service, containers)
        {
          "metadata" => {
            "annotations" => { "Description" => service[:description] },
            "creationTimestamp" => "2019-10-22T21:19:#{service[:made]}Z", "labels" => { "service" => service[:name] }
          },
          "spec" => containers.merge("timeoutSeconds" => 300)
        }
      end

      def knative_container(name, service, resources: {})
        made = "2019-10-22 21:19:#{service[:made]}"
        { "env" => [{ "name" => "timestamp", "value" => made }], "image" => "image_name", "name" => name, "resources" => resources }
      end

      def knative_domains(service)
        { "domain" => knative_domain(service), "domainInternal" => knative_hostname(service)["hostname"] }
      end

      def knative_hostname(service)
        { "hostname" => "#{service[:name]}.#{service[:namespace]}.svc.cluster.local" }
      end

      def knative_internal_url(service)
        { "url" => "http://#{service[:name]}.#{service[:namespace]}.svc.cluster.local" }
      end

      def knative_url(service)
        "http://#{knative_domain(service)}"
      end

      def knative_domain(service)
        "#{service[:name]}.#{service[:namespace]}.#{service[:domain]}"
      end
    end
  end
end
