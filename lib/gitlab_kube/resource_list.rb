# frozen_string_literal: true

# A list of Kubernetes objects: it walks like an Array and decodes an item when it is touched.

require_relative "resource"
require_relative "resource_list/items"
require_relative "resource_list/pluck"

module GitlabKube
  # What a list request answers. Every Array method works on it, but, as with kubeclient's list, it is not an Array.
  #
  # @example
  #   pods = client.get_pods(namespace: "production")
  #   pods.map { |pod| pod.metadata.name }
  #   pods.pluck("metadata.name", "status.phase") # => [["web-1", "Running"], …], without making any Resource
  class ResourceList
    include Enumerable
    include Items
    include Pluck

    # @return [String, nil] the kind of the items
    attr_reader :kind
    # @return [String, nil] the version of the collection, from which a watch may go on
    attr_reader :resource_version
    # @return [String, nil] where the next page starts; nil on the last one
    attr_reader :continue

    # A list over a native document; items are decoded when touched.
    #
    # @param document [Native::Document] answers `root`, `size`, `item`, `pluck`
    # @param kind [String, nil] of the items, where the caller knows it
    # @return [ResourceList]
    def self.from_source(document, kind: nil)
      root = document.root
      metadata = root.get("metadata")
      metadata = nil unless metadata.is_a?(Native::Node)
      version = root.get("resourceVersion") || metadata&.get("resourceVersion")
      list = new(Array.new(document.size), kind: kind || root.get("kind"), resource_version: version, continue: metadata&.get("continue"))
      list.__send__(:lazily, document)
      list
    end

    # @param items [Array<Resource, Hash>, nil] nil, as a server may write it, is an empty list
    # @param kind [String, nil] of the items; a "List" at its end is dropped
    # @param resource_version [String, nil]
    # @param continue [String, nil] an empty one means the same as none, as Kubernetes documents it
    # @example
    #   GitlabKube::ResourceList.new([pod], kind: "Pod", resource_version: "42")
    def initialize(items = [], kind: nil, resource_version: nil, continue: nil)
      @items = items.to_a.map { |item| item.is_a?(Hash) ? Resource.new(item) : item }
      @kind = kind&.to_s&.sub(/(?<=.)List\z/, "")
      @resource_version = resource_version&.to_s
      @continue = continue.to_s unless continue.to_s.empty?
    end

    # kubeclient's spelling of {#resource_version}.
    alias resourceVersion resource_version

    # @return [Boolean] whether no page follows
    def last?
      continue.nil?
    end

    # @param options [Hash, nil] as for {Resource#as_json}, for every item
    # @return [Array<Hash{String => Object}>]
    # @example
    #   client.get_pods(namespace: "production").as_json.first.fetch("metadata")
    def as_json(options = nil)
      return plain_items if untouched? && options.nil?

      map { |item| item.is_a?(Resource) ? item.as_json(options) : item }
    end

    # @return [String] a JSON array of the items
    def to_json(*arguments)
      return Resource::JsonValue.safe_in_html("[#{raw_items.join(',')}]") if untouched? && arguments.empty?

      Resource::JsonValue.generate(self, *arguments)
    end

    # For YAML: the items as a plain sequence.
    #
    # @param coder [Psych::Coder]
    def encode_with(coder)
      coder.represent_seq(nil, as_json)
    end

    # @param other [Object]
    # @return [Boolean] whether both hold equal items in the same order
    def ==(other)
      equal?(other) || (other.respond_to?(:to_ary) && to_a == other.to_ary)
    end

    # @param other [Object]
    # @return [Boolean]
    def eql?(other)
      equal?(other) || (other.is_a?(ResourceList) && to_a.eql?(other.to_a))
    end

    # @return [Integer] equal for equal items
    def hash
      to_a.hash
    end

    # @return [String] the class and the size, never an item
    def inspect
      "#<#{self.class} size=#{size}>"
    end
    alias to_s inspect

    # @return [Array] for Marshal: the document's bytes while nobody has read them, otherwise the items; and the readers
    def marshal_dump
      [document_json || to_a, kind, resource_version, continue]
    end

    # @param state [Array]
    def marshal_load(state)
      items, kind, resource_version, continue = state
      document = Native::Document.parse(items) if items.is_a?(String)
      initialize(document ? Array.new(document.size) : items, kind: kind, resource_version: resource_version, continue: continue)
      lazily(document) if document
    end

    # @api private
    # @return [String, nil] the server's own bytes; nil once an item was read, as it may have been changed since
    def document_json
      @source.json if untouched?
    end
  end
end
