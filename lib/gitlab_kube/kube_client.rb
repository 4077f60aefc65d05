# frozen_string_literal: true

require_relative "confidential"
require_relative "graceful_request"
require_relative "api_resources"
require_relative "apply_yaml"
require_relative "create_or_update"
require_relative "in_cluster"
require_relative "kubeconfig"

module GitlabKube
  # One client of one cluster, for all its API groups.
  #
  # Construction checks the URL and the options, and does no I/O. Safe to share between threads and across forks.
  #
  # @example
  #   client = GitlabKube::KubeClient.new(
  #     "https://kubernetes.example.com",
  #     auth_options: { bearer_token: token },
  #     ssl_options: { ca: File.read("ca.pem") }
  #   )
  #   client.get_pods(namespace: "web").pluck("metadata.name", "status.phase")
  class KubeClient
    extend GracefulRequest
    include Confidential
    include ApiResources
    include ApplyYaml
    include CreateOrUpdate

    # Name → [group path, version]. One row each, in src/api/group.rs.
    SUPPORTED_API_GROUPS = Native::SUPPORTED_API_GROUPS

    # The methods that are known before the server is asked, by the client that has them. Adding one is adding a word.
    DELEGATED = {
      core: %i[
        get_nodes get_pods get_secrets get_config_map get_pod get_namespace get_secret get_service get_service_account
        delete_namespace delete_pod delete_service_account
        create_config_map create_namespace create_pod create_secret create_service_account
        update_config_map update_secret update_service_account
        get_pod_log watch_pod_log watch_pods get_namespaces get_services get_config_maps delete_secret delete_config_map
        get_events get_endpoints
      ],
      rbac: %i[
        create_role get_role update_role delete_role create_role_binding get_role_binding delete_role_binding update_role_binding
        create_cluster_role get_cluster_role update_cluster_role
        create_cluster_role_binding get_cluster_role_binding get_cluster_role_bindings update_cluster_role_binding
      ],
      apps: %i[get_deployments get_deployment create_deployment update_deployment patch_deployment delete_deployment watch_deployments],
      batch: %i[get_jobs get_job create_job delete_job get_cron_jobs],
      networking: %i[
        get_ingresses get_ingress patch_ingress
        create_network_policy get_network_policy update_network_policy delete_network_policy get_network_policies
      ],
      istio: %i[create_gateway get_gateway update_gateway],
      cilium_networking: %i[
        create_cilium_network_policy get_cilium_network_policy update_cilium_network_policy delete_cilium_network_policy
        get_cilium_network_policies
      ]
    }.freeze

    # What holds where the caller says nothing.
    DEFAULT_KUBECLIENT_OPTIONS = { timeouts: ConnectionOptions::DEFAULT_TIMEOUTS }.freeze

    # @return [String] the API URL
    attr_reader :api_prefix
    # @return [String, nil] of the kubeconfig's context, or of the pod we are in. Never used unless the caller passes it on.
    attr_reader :namespace
    # @return [Hash] the options in force
    attr_reader :kubeclient_options

    DELEGATED.each do |group, names|
      client = :"#{group}_client"
      names.each do |name|
        # Through the public method, so that specs which stub `core_client` see the delegation.
        # Written out: a block's arguments would be four Arrays and three Hashes more for each call.
        class_eval("def #{name}(...) = #{client}.#{name}(...)", __FILE__, __LINE__) # e.g. def get_pods(...) = core_client.get_pods(...)
      end
    end

    # @!method core_client
    #   @return [SubClient] one for each row of {SUPPORTED_API_GROUPS}: `rbac_client`, `apps_client`, …
    SUPPORTED_API_GROUPS.each_key { |name| define_method(:"#{name}_client") { group_client(name) } }

    # A client whose address code, not a record, says is the operator's own: in-cluster, a trusted kubeconfig, the agent server.
    # Private and loopback addresses may be dialled, for exactly this host and port; metadata addresses never.
    # @return [KubeClient]
    def self.for_operator(api_prefix, **options)
      new(api_prefix, operator: OPERATOR, **options)
    end
    OPERATOR = Object.new.freeze
    private_constant :OPERATOR

    # The client of a kubeconfig's context.
    #
    # A kubeconfig is untrusted unless the caller says otherwise: it runs no exec plugin, names no file, and its server is an
    # address of a user. With `trusted: true` it is the operator's own.
    # @param given [String, Pathname, Array<Pathname>] text or paths. A String is text; where trusted, one without a newline is a
    #   path, or several as in `KUBECONFIG`. Of several files the first that knows a name has the word.
    # @param context [String, nil] the current context unless given
    # @param trusted [Boolean] only code may say so, never a record
    # @param options [Hash] timeouts, limits, …, as for {#initialize}
    # @return [KubeClient] its {#namespace} is the context's
    # @raise [InvalidArgumentError] nothing of the kubeconfig is in its words
    # @raise [BlockedUrlError]
    # @example
    #   GitlabKube::KubeClient.from_kubeconfig(ENV.fetch("KUBECONFIG"), context: "group/project:agent", trusted: true)
    def self.from_kubeconfig(given, context: nil, trusted: false, **options)
      url, found = Kubeconfig.connection(given, context, trusted: trusted)
      new(url, operator: (OPERATOR if trusted), **found, **options)
    end

    # The client of the cluster that this process is a pod of, as the pod's service account.
    # @param options [Hash] timeouts, limits, …, as for {#initialize}
    # @return [KubeClient] its {#namespace} is the pod's
    # @raise [InvalidArgumentError] outside a pod
    # @example
    #   GitlabKube::KubeClient.in_cluster.then { |client| client.get_pods(namespace: client.namespace) }
    def self.in_cluster(environment: ENV, directory: InCluster::DIRECTORY, **options)
      pod = InCluster.new(environment, directory)
      for_operator(pod.url, **pod.options, **options)
    end

    # @param api_prefix [String] the API URL, with the path prefix it may have
    # @param namespace [String, nil] only remembered: {#namespace}
    # @param kubeclient_options [Hash]
    # @option kubeclient_options [Hash] :auth_options bearer_token (a String, or something to call for one), bearer_token_file,
    #   or username and password
    # @option kubeclient_options [Hash] :ssl_options ca (PEM), ca_file (read again when it is replaced), cert_store, client_cert,
    #   client_key, verify_ssl, server_name
    # @option kubeclient_options [Hash] :impersonate as, uid, groups, extra
    # @option kubeclient_options [Hash] :timeouts open, read, total and idle, in seconds; nil waits for ever (docs/limits.md)
    # @option kubeclient_options [String] :http_proxy_uri
    # @option kubeclient_options [Symbol] :as what the clients of groups answer with unless a call says otherwise: :ros (objects), :raw,
    #   :parsed or :parsed_symbolized
    # @option kubeclient_options [Hash] :limits how much the server may send (docs/limits.md); before `config.limits`
    # @option kubeclient_options [Integer] :retries how often a call is tried again after 429, and one that changes nothing or can be
    #   repeated after 503 and 504 too: as long after as the server asks (at most 30 s), else after half a second, doubled each time. 0
    #   unless said otherwise
    # @option kubeclient_options [Object] :cluster_id the application's, for logs and subscribers
    # @raise [BlockedUrlError] or `config.blocked_url_error`, where the policy refuses the URL
    # @raise [InvalidArgumentError] where an option cannot be right
    def initialize(api_prefix, operator: nil, namespace: nil, **kubeclient_options)
      raise InvalidArgumentError, "operator is not an option: use KubeClient.for_operator" unless operator.nil? || operator.equal?(OPERATOR)

      @api_prefix = api_prefix.to_s
      @namespace = namespace
      options = ConnectionOptions.new(kubeclient_options, operator: operator.equal?(OPERATOR))
      @format = DocumentFormat.check(kubeclient_options[:as] || :ros)
      @kubeclient_options = kubeclient_options.merge(timeouts: options.timeouts, http_max_redirects: 0)
      @connection = Connection.new(@api_prefix, options)
      @clients = {}
      @lock = Mutex.new
    end

    # The client of any group and version, such as those of a custom resource.
    # @param api_version [String] as in an object's apiVersion: "example.com/v1"
    # @return [SubClient]
    def client_for(api_version)
      group, version = api_version.include?("/") ? api_version.split("/", 2) : [nil, api_version]
      sub_client([group ? "apis/#{group}" : "api", version])
    end

    # @return [Hash] major, minor, gitVersion, … as GET /version answers
    def server_version
      @connection.call({ verb: :get, path: "/version" }).value(false)
    end

    # A request to any path of the server, such as those no group version has: `/readyz`, `/metrics`, `/openapi/v3`.
    # @param verb [Symbol] :get, :post, :put, :patch or :delete
    # @param path [String] from the API URL's path on, with its query, percent-encoded; a segment of it cannot be `..`
    # @param body [Hash, String, nil]
    # @param content_type [Symbol] :json, :json_patch, :merge_patch, :strategic_merge_patch or :apply_patch
    # @param as [Symbol] :text for what is not JSON, else as for {SubClient#get}
    # @yieldparam line [String] of a text, as it comes, without its newline; only with `as: :text`
    # @return [String, Resource, ResourceList, Hash, nil] nil when a block was given and the text has ended
    # @raise [HttpError]
    # @raise [InvalidArgumentError]
    # @example
    #   client.raw(:get, "/readyz", as: :text) # => "ok"
    #   client.raw(:get, "/api/v1/namespaces/web/pods/web-0:8080/proxy/events", as: :text) { |line| puts line }
    def raw(verb, path, body: nil, content_type: :json, as: :ros, &block)
      raise InvalidArgumentError, "a block reads lines: it needs as: :text" if block && as != :text

      body = RequestBody.generate(RequestBody.plain(body)) if body.respond_to?(:to_hash)
      request = { verb: verb, path: path, body: body, content_type: content_type }.compact
      return raw_text(request.merge(accept: :any), &block) if as == :text

      format = DocumentFormat.check(as)
      DocumentFormat.call(@connection.call(request.merge(want: :document, accept: :json)), format)
    end

    # A short-lived token of a service account (TokenRequest).
    # @param expiration_seconds [Integer] the server may shorten or lengthen it; at least 600
    # @param audiences [Array<String>, nil]
    # @return [Resource] `status.token` and `status.expirationTimestamp`
    def create_token(service_account, namespace, expiration_seconds: 3600, audiences: nil)
      spec = { expirationSeconds: expiration_seconds, audiences: audiences }.compact
      object = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: spec }
      core_client.create("serviceaccounts", object, namespace: namespace, name: service_account, subresource: "token")
    end

    # What the circuit breaker ({Configuration#circuit_breaker}) thinks of this server: all of this process's clients of it share one, but
    # for those behind another proxy.
    # @return [Symbol] :closed, :open (no call passes) or :half_open (the next one decides)
    # @example
    #   cluster.kubeclient.circuit # => :closed
    def circuit
      @connection.circuit
    end

    # @return [String] neither the host nor a credential
    def inspect
      "#<#{self.class}>"
    end
    alias to_s inspect

    private

    def raw_text(request, &block)
      return PodLogs::LogStream.new { @connection.call(request.merge(want: :stream)) }.each(&block) if block

      @connection.call(request.merge(want: :text)).force_encoding(Encoding::UTF_8)
    end

    def group_client(name)
      sub_client(SUPPORTED_API_GROUPS.fetch(name))
    end

    def sub_client(path_and_version)
      @clients[path_and_version] || @lock.synchronize do
        @clients[path_and_version] ||= SubClient.new(@connection, @api_prefix, *path_and_version, format: @format)
      end
    end
  end
end
