# frozen_string_literal: true

# A Kubernetes object: fields by dot, by Symbol or by String, at any depth.

require_relative "resource/conversion"

module GitlabKube
  # One Kubernetes object, or any object inside one.
  #
  # Fields are kept by String, so nothing a server names becomes an immortal Symbol. A Resource made
  # from a response holds a native node and decodes a field when it is first touched.
  #
  # Fields named like a public method of Ruby's Object (`class`, `method`, `hash`, `display` …) are read with `[]`.
  #
  # @example
  #   pod = GitlabKube::Resource.new(metadata: { name: "web", labels: { "app.kubernetes.io/name" => "web" } })
  #   pod.metadata.name                                # => "web"
  #   pod[:metadata]["labels"]["app.kubernetes.io/name"] # => "web"
  #   pod.spec&.nodeName                               # => nil
  class Resource
    include Conversion

    # Ruby calls these by itself to convert, raise or dump a value: a server must not be able to answer for them.
    RUBY_PROTOCOL = /\A(?:to_|coerce\z|exception\z)/
    ASSIGNMENT = /\A[[:alpha:]_][[:alnum:]_]*=\z/
    READING = /\A[[:alpha:]_][[:alnum:]_]*[?!]?\z/
    private_constant :RUBY_PROTOCOL, :ASSIGNMENT, :READING

    # A Resource over a native node; its fields are decoded when touched.
    #
    # @param source [Object] answers `get`, `key?`, `keys`, `fields`, `to_hash_value` and `json`
    # @return [Resource]
    # @example
    #   GitlabKube::Resource.from_source(node).metadata.name
    def self.from_source(source)
      allocate.tap { |resource| resource.__send__(:lazily, source) }
    end

    # @param fields [Hash, Resource, nil] the object's fields, with String or Symbol keys; copied
    # @raise [ArgumentError] when the fields are not a Hash or something that becomes one
    # @example
    #   GitlabKube::Resource.new(metadata: { name: "web" })
    def initialize(fields = nil)
      fields = {} if fields.nil?
      raise ArgumentError, "A Resource takes a Hash, not #{fields.class}" unless fields.respond_to?(:to_hash)

      @table = fields.to_hash.to_h { |name, value| [field_key(name), keep(value)] }
    end

    # @param name [String, Symbol]
    # @return [Object, nil] the field, or nil when there is none
    # @example
    #   secret["data"][:token]
    def [](name)
      key = field_key(name)
      value = @table.fetch(key) { remember(key) }
      value.is_a?(Array) ? tidy(value) : value
    end

    # @param name [String, Symbol]
    # @param value [Object] Hashes become Resources, Arrays recurse, everything else is kept as it is
    # @return [Object] the value
    # @raise [FrozenError] when the Resource is frozen
    # @example
    #   resource[:metadata][:namespace] = "production"
    def []=(name, value)
      settle
      @table[field_key(name)] = keep(value)
    end

    # @param name [String, Symbol, Integer] an Integer walks into an Array
    # @param rest [Array<String, Symbol, Integer>]
    # @return [Object, nil]
    # @example
    #   pod.dig(:spec, :containers, 0, "name")
    def dig(name, *rest)
      [self[name]].dig(0, *rest) # Array's words about a value that cannot be walked into do not quote it: it may be a token
    end

    # @param name [String, Symbol]
    # @return [Boolean] whether the field is there, even when it is null
    # @example
    #   pod.key?(:status)
    def key?(name)
      key = field_key(name)
      @table.key?(key) || (@source ? @source.key?(key) : false)
    end

    # Removes a field.
    #
    # @param name [String, Symbol]
    # @return [Object, nil] what it held
    # @raise [FrozenError] when the Resource is frozen
    # @example
    #   policy.spec.podSelector.matchLabels.delete_field("network-policy.gitlab.com/disabled_by")
    def delete_field(name)
      settle
      @table.delete(field_key(name))
    end

    # @yieldparam name [Symbol]
    # @yieldparam value [Object]
    # @return [Resource, Enumerator]
    # @example
    #   pod.metadata.labels.each_pair { |name, value| puts "#{name}=#{value}" }
    def each_pair
      return to_enum(:each_pair) unless block_given?

      remember_all
      field_names.each { |name| yield [name.to_sym, (self[name] if @table.key?(name))] }
      self
    end

    # Lets `case pod in { status: { phase: "Running" } }` work.
    #
    # @param names [Array<Symbol>, nil]
    # @return [Hash{Symbol => Object}]
    def deconstruct_keys(names)
      names ? names.select { |name| key?(name) }.to_h { |name| [name.to_sym, self[name]] } : each_pair.to_h
    end

    # Fields can be read and no longer be changed; as with a Hash, what they hold can. The native node is given up, so that
    # `Ractor.make_shareable` makes it shareable all the way down.
    #
    # @return [Resource]
    # @example
    #   TLS = GitlabKube::Resource.new(mode: "PASSTHROUGH").freeze
    def freeze
      settle unless frozen?
      @table.freeze
      super
    end

    # @param other [Object]
    # @return [Boolean] whether both hold the same content, however they came by it
    def ==(other)
      equal?(other) || (other.is_a?(Resource) && plain == other.plain)
    end

    # @param other [Object]
    # @return [Boolean] like `==`, but 1 is not 1.0, so that it agrees with {#hash}
    def eql?(other)
      equal?(other) || (other.is_a?(Resource) && plain.eql?(other.plain))
    end

    # @return [Integer] equal for equal content
    def hash
      plain.hash
    end

    # @return [String] the class and how many fields; never a value, since any of them may be secret
    def inspect
      count = field_names.size
      "#<#{self.class} #{count} #{count == 1 ? 'field' : 'fields'}>"
    end
    alias to_s inspect

    private

    def lazily(source)
      @source = source
      @table = {}
    end

    def initialize_copy(original)
      super
      @table = original.untouched? ? {} : original.copies
    end

    def respond_to_missing?(name, include_private = false)
      return super if RUBY_PROTOCOL.match?(name)

      key?(name.name.delete_suffix("=")) || super
    end

    def method_missing(name, *arguments)
      return super if RUBY_PROTOCOL.match?(name)
      return self[name] if arguments.empty? && (READING.match?(name) || key?(name))
      return self[name.name.chop] = arguments.first if arguments.size == 1 && assignment?(name)

      super
    end

    # Of any field that is there, and of a new one where its name is one of Ruby's.
    def assignment?(name)
      ASSIGNMENT.match?(name) || (name.end_with?("=") && key?(name.name.chop))
    end
  end
end
