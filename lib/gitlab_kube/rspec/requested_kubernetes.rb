# frozen_string_literal: true

# A matcher that speaks of verbs and resources where WebMock speaks of methods and URLs.
require "webmock/rspec/matchers"

module GitlabKube
  module RSpec
    # Where the API server expects group, namespace, resource, name and subresource.
    RESOURCE_PATH = %r{
      /(?:api|apis/(?<group>[^/]+))/v[^/]+
      /(?<watch>watch/)?(?:namespaces/(?<namespace>[^/]+)/(?=[^/]))?(?<resource>[^/]+)(?:/(?<name>[^/]+))?(?:/(?<subresource>.+))?\z
    }x

    # What `have_requested_kubernetes` looks for, in the form WebMock asks for: something that can be called with a URL.
    # @api private
    class ResourcePattern
      # The HTTP verb of each Kubernetes verb that HTTP calls something else.
      HTTP_VERBS = { list: :get, watch: :get, create: :post, update: :put, deletecollection: :delete }.freeze

      # Verbs of a whole collection: their paths end at the resource.
      COLLECTION_VERBS = %i[list create deletecollection].freeze

      # @param verb [Symbol] Kubernetes' or HTTP's
      # @param resource [String, Symbol] its plural
      # @param only [Hash] `namespace:`, `name:`, `subresource:` or `group:` that the call must name too
      def initialize(verb, resource, **only)
        @verb = verb
        @only = { subresource: nil, resource: resource, **only }.transform_values(&:to_s)
      end

      # @return [Symbol] the HTTP verb
      def http_verb
        HTTP_VERBS.fetch(@verb, @verb)
      end

      # @param url [Addressable::URI]
      # @return [Boolean] whether it is the call looked for
      def call(url)
        path = RESOURCE_PATH.match(url.path)
        return false unless path && @only.all? { |part, value| path[part].to_s == value }
        return watch?(url, path) if @verb == :watch

        !COLLECTION_VERBS.include?(@verb) || (path[:name].nil? && !watch?(url, path))
      end

      # @return [String] for WebMock's failure message
      def inspect
        "Kubernetes #{@verb} #{@only.compact.reject { |_, value| value.empty? }}"
      end
      alias to_s inspect

      private

      def watch?(url, path)
        !path[:watch].nil? || url.query_values.to_h.key?("watch")
      end
    end

    # Matchers for specs that use WebMock.
    module Matchers
      # Passes when the resource was asked for. Takes everything WebMock's `have_requested` takes after it: `with`, `once`, `times`.
      #
      # @param verb [Symbol] `:get`, `:list`, `:watch`, `:create`, `:update`, `:patch`, `:delete`, or an HTTP verb
      # @param resource [String, Symbol] its plural name
      # @param only [Hash] `namespace:`, `name:`, `subresource:`, `group:`
      # @return [WebMock::WebMockMatcher]
      # @example
      #   expect(client).to have_requested_kubernetes(:create, "pods", namespace: "gitlab").with(body: hash_including("kind" => "Pod")).once
      def have_requested_kubernetes(verb, resource, **only) # rubocop:disable Naming/PredicateName
        pattern = ResourcePattern.new(verb, resource, **only)
        WebMock::WebMockMatcher.new(pattern.http_verb, pattern)
      end
    end
  end
end
