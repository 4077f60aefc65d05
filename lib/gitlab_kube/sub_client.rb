# frozen_string_literal: true

require "uri"
require_relative "confidential"
require_relative "document_format"
require_relative "entity_methods"
require_relative "pages"
require_relative "pod_copy"
require_relative "pod_exec"
require_relative "pod_logs"
require_relative "pod_port_forward"
require_relative "proxy_url"
require_relative "request_body"
require_relative "resource_handle"
require_relative "streaming_pluck"
require_relative "waiting"
require_relative "watches"

module GitlabKube
  # The client of one group version. Its methods are what the server serves: `get_pods`, `create_config_map`, `watch_ingresses`, …
  # in both of kubeclient's spellings; and the same verbs for a resource named at run time: {#list}, {#get}, {#create}, ….
  #
  # Safe to share between threads and across forks. Never prints its credentials.
  class SubClient
    include Confidential
    include EntityMethods
    include Pages
    include PodCopy
    include PodExec
    include PodLogs
    include PodPortForward
    include ProxyUrl
    include StreamingPluck
    include Waiting
    include Watches

    # @return [String] `api` or `apis/<group>`
    attr_reader :group
    # @return [String] such as "v1"
    attr_reader :api_version
    # @return [URI] the API URL with the group's path, as in kubeclient
    attr_reader :api_endpoint

    # @param connection [Connection]
    # @param api_prefix [String] the API URL
    # @param group [String] `api` or `apis/<group>`
    # @param version [String]
    # @param format [Symbol] the default of `as:`
    # @api private
    def initialize(connection, api_prefix, group, version, format: :ros)
      @connection = connection
      @group = group
      @api_version = version
      @api_endpoint = URI.parse("#{api_prefix.to_s.sub(%r{/+\z}, '')}/#{group}")
      @format = format
    end

    # @return [Hash] as given
    def auth_options
      @connection.options.auth_options
    end

    # @return [Hash] as given
    def ssl_options
      @connection.options.ssl_options
    end

    # @return [String, nil]
    def http_proxy_uri
      @connection.options.http_proxy_uri
    end

    # @return [Hash] for those who make requests of their own; holds the token, where one was given, or what is in its file now
    # @raise [SystemCallError] where that cannot be read
    def headers
      token, file = auth_options.values_at(:bearer_token, :bearer_token_file)
      token = File.read(file).strip if file
      token.is_a?(String) ? { Authorization: "Bearer #{token}" } : {}
    end

    # Kubeclient's `rest_client.options`, for those who make requests of their own.
    # @return [#options]
    def rest_client
      RestClientOptions.new(@connection.options.rest_options)
    end
    # What {#rest_client} returns.
    RestClientOptions = Struct.new(:options) do
      include Confidential

      # @return [String]
      def inspect
        "#<#{self.class}>"
      end
    end

    # Asks the server anew what it serves.
    # @return [true]
    # @raise [HttpError]
    def discover
      @connection.forget(group, api_version)
      @catalog = @connection.catalog(group, api_version)
      true
    end

    # @return [Boolean] whether this object has asked
    def discovered
      !@catalog.nil?
    end

    # @return [Array<Hash>] kind, resource, namespaced, verbs, names
    def entities
      catalog.entities
    end

    # @param resource [String] such as "pods"
    # @param namespace [String, nil]
    # @param kind [String, nil] of the items, where the caller knows better than the server
    # @param as [Symbol] :ros, :raw, :parsed or :parsed_symbolized
    # @param metadata_only [Boolean] whether to get each item's metadata only: far less to send
    # @param as_table [Boolean] whether to get the columns and rows that `kubectl get` prints
    # @param options [Hash] label_selector, field_selector, resource_version, limit, continue, …
    # @return [ResourceList, Resource, String, Hash] a Resource, a Table, with `as_table`
    def list(resource, namespace: nil, kind: nil, as: nil, metadata_only: false, as_table: false, **options)
      format = DocumentFormat.check(as || @format)
      accept = DocumentFormat.accept(:partial_metadata_list, metadata_only, as_table)
      document = request(:get, resource, namespace: namespace, query: Query.pairs(options, Query::LIST), accept: accept)
      as_table ? DocumentFormat.call(document, format) : DocumentFormat.list(document, format, kind: kind)
    end

    # @param metadata_only [Boolean]
    # @param as_table [Boolean]
    # @return [Resource, String, Hash]
    def get(resource, name, namespace: nil, as: nil, subresource: nil, metadata_only: false, as_table: false, **options)
      format = DocumentFormat.check(as || @format)
      pairs = Query.pairs(options, { resource_version: "resourceVersion" })
      document = request(:get, resource, namespace: namespace, name: name, subresource: subresource, query: pairs,
                                         accept: DocumentFormat.accept(:partial_metadata, metadata_only, as_table))
      DocumentFormat.call(document, format)
    end

    # @param object [Resource, Hash] with Symbol or String keys
    # @param kind [String, nil] put into the object, with the group version
    # @return [Resource]
    def create(resource, object, kind: nil, namespace: nil, name: nil, subresource: nil, as: nil, **options)
      body = RequestBody.fields(object)
      body = body.merge("kind" => kind, "apiVersion" => group_version) if kind
      write(:post, resource, body, namespace: namespace || namespace_of(body), name: name, subresource: subresource, as: as,
                                   options: options)
    end

    # @return [Resource]
    def update(resource, object, namespace: nil, subresource: nil, as: nil, **options)
      body = RequestBody.fields(object)
      facts = { namespace: namespace || namespace_of(body), name: name_of(body), subresource: subresource }
      write(:put, resource, body, as: as, options: options, **facts)
    end

    # @param strategy [Symbol] :strategic_merge_patch, :merge_patch or :json_patch
    # @return [Resource]
    def patch(resource, name, patch, namespace: nil, strategy: :strategic_merge_patch, subresource: nil, as: nil, **options)
      facts = { namespace: namespace, name: name, subresource: subresource, content_type: strategy }
      write(:patch, resource, RequestBody.plain(patch), as: as, options: options, **facts)
    end

    # Server-side apply.
    # @param field_manager [String] who owns the fields
    # @param force [Boolean] whether to take over what others own
    # @return [Resource]
    def apply(resource, object, field_manager:, kind: nil, force: true, namespace: nil, subresource: nil, as: nil, **options)
      body = RequestBody.fields(object)
      body = { "kind" => kind, "apiVersion" => group_version }.merge(body) if kind
      write(:patch, resource, body, namespace: namespace || namespace_of(body), name: name_of(body), subresource: subresource, as: as,
                                    options: options.merge(field_manager: field_manager, force: force), content_type: :apply_patch)
    end

    # @param delete_options [Hash, Resource] the body: gracePeriodSeconds, propagationPolicy, preconditions, …
    # @return [Resource]
    def delete(resource, name, namespace: nil, delete_options: {}, as: nil, **options)
      # Without a name this would be a request to delete the collection.
      raise InvalidArgumentError, "delete needs a name" if name.nil?

      remove(resource, delete_options, options, namespace: namespace, name: name, as: as)
    end

    # Deletes all objects of a collection, or those that selectors choose.
    # @param delete_options [Hash, Resource] as for {#delete}
    # @param options [Hash] label_selector, field_selector, dry_run, grace_period_seconds, propagation_policy, …
    # @return [ResourceList, Resource] what was deleted, or a Status
    def delete_collection(resource, namespace: nil, delete_options: {}, as: nil, **options)
      remove(resource, delete_options, options, namespace: namespace, as: as)
    end

    # @param resource [String] such as "pods"
    # @param namespace [String, nil]
    # @return [ResourceHandle]
    def resource(resource, namespace: nil)
      ResourceHandle.new(self, resource, namespace)
    end

    # A request to any path of this server.
    # @param path [String] from the API URL's path on, such as "/version"
    # @param body [String, nil]
    # @param want [Symbol] :document, :text or :stream
    # @return [Native::Document, String, Native::Stream]
    # @api private
    def raw(verb, path, body: nil, content_type: :json, want: :document, accept: :json)
      @connection.call({ verb: verb, path: path, body: body, content_type: content_type, want: want, accept: accept }.compact)
    end

    # @return [String] without credentials
    def inspect
      "#<#{self.class} #{group}/#{api_version}>"
    end
    alias to_s inspect

    private

    # For as long as an interceptor is installed, an object asks once; else the process remembers for ten minutes.
    def catalog
      return @catalog ||= @connection.catalog(group, api_version) if GitlabKube.interceptor

      @catalog = @connection.catalog(group, api_version)
    end

    def request(verb, resource, want: :document, **facts)
      @connection.call({ verb: verb, group: group, version: api_version, resource: resource, want: want, **facts }.tap(&:compact!))
    rescue ResourceNotFoundError => e
      @connection.forget(group, api_version) unless e.reason # the route is gone, not the object
      raise
    end

    def write(verb, resource, body, as:, options:, table: Query::WRITE, **facts)
      format = DocumentFormat.check(as || @format)
      facts[:body] = RequestBody.generate(body) if body
      document = request(verb, resource, query: Query.pairs(options, table), **facts)
      DocumentFormat.call(document, format)
    end

    def remove(resource, delete_options, options, **facts)
      body = RequestBody.plain(delete_options)
      write(:delete, resource, body.empty? ? nil : body, options: options, table: Query::DELETE, **facts)
    end

    def namespace_of(body)
      body.dig("metadata", "namespace") if body["metadata"].respond_to?(:dig)
    end

    def name_of(body)
      (body.dig("metadata", "name") if body["metadata"].respond_to?(:dig)) ||
        raise(InvalidArgumentError, "the object has no metadata.name")
    end

    def group_version
      group.start_with?("apis/") ? "#{group.delete_prefix('apis/')}/#{api_version}" : api_version
    end
  end
end
