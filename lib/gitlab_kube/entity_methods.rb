# frozen_string_literal: true

module GitlabKube
  # The methods that discovery gives a {SubClient}: a verb, an underscore, and a kind's name. They are looked up at each call and
  # never defined: a server could otherwise fill the symbol table.
  #
  # Every one can be called with any arguments: the address is checked and the server asked first, the arguments come last, so
  # that a blocked address is always said to be blocked.
  module EntityMethods
    # Longest first: `merge_patch_pod` is not `patch_…`.
    VERBS = %w[json_patch merge_patch get watch create update patch apply delete].freeze
    # A verb, and a kind's name.
    PATTERN = /\A(#{VERBS.join("|")})_([a-z0-9_]+)\z/
    NONE = {}.freeze
    private_constant :NONE
    # The verbs that many objects can be asked for with.
    PLURAL = %w[get watch delete].freeze
    # How each kind of patch is merged.
    STRATEGIES = { "patch" => :strategic_merge_patch, "merge_patch" => :merge_patch, "json_patch" => :json_patch }.freeze

    # Who answers each verb, for one object, for many, and where one name means either.
    METHODS = %i[singular plural both].to_h do |number|
      one = { both: :singular }.fetch(number, number)
      [number, VERBS.to_h { |verb| [verb, :"#{STRATEGIES.key?(verb) ? "patch" : verb}_#{one}"] }]
    end
    METHODS[:both].update("watch" => :watch_plural, "get" => :get_either)
    METHODS.each_value(&:freeze).freeze
    # The arguments are none of this method's. Ruby's ArgumentError may be anybody's: a block's, an interceptor's, a token provider's.
    Misuse = Class.new(ArgumentError)
    private_constant :METHODS, :Misuse

    # @api private
    def method_missing(name, *args, **options, &block)
      verb, entity, number = entity_method(name)
      return super unless verb

      send(METHODS.fetch(number).fetch(verb), verb, entity, args, options, &block)
    rescue Misuse => e
      @connection.check
      raise InvalidArgumentError, "#{name}: #{e.message}", cause: nil # the caller's word for it: a kind's name is the server's
    end

    # @api private
    def respond_to_missing?(name, include_private = false)
      !entity_method(name).nil? || super
    end

    private

    # `[verb, entity, number]`, or nil. Asks the server what it serves, unless that is known.
    def entity_method(name)
      return unless PATTERN.match?(name)

      verb, asked = PATTERN.match(name).captures
      entity, number = catalog.lookup(asked)
      [verb, entity, number] if entity && offered?(verb, number)
    end

    # `get_pods`, `watch_pods` and `delete_pods` have a plural; the others speak of one object. A name that is both has them all.
    def offered?(verb, number)
      case number
      when :singular then verb != "watch"
      when :plural then PLURAL.include?(verb)
      else true
      end
    end

    def get_plural(_verb, entity, args, options)
      given, = take(args, 0, 1)
      list(entity[:resource], kind: entity[:kind], **symbols(given), **options)
    end

    def get_singular(_verb, entity, args, options)
      name, namespace, given = take(args, 1, 3)
      get(entity[:resource], name, namespace: namespace, **symbols(given), **options)
    end

    # `get_pod_chaos("name", "namespace")` is one; without a name it is the list. To delete always takes a name.
    def get_either(verb, entity, args, options)
      args.empty? || args.first.respond_to?(:to_hash) ? get_plural(verb, entity, args, options) : get_singular(verb, entity, args, options)
    end

    def watch_plural(_verb, entity, args, options, &block)
      given, = take(args, 0, 1)
      given = { resource_version: given } unless given.nil? || given.respond_to?(:to_hash)
      watch(entity[:resource], **symbols(given), **options, &block)
    end

    def create_singular(_verb, entity, args, options)
      object, options = object_and_options(args, options)
      create(entity[:resource], object, kind: entity[:kind], **options)
    end

    def update_singular(_verb, entity, args, options)
      object, options = object_and_options(args, options)
      update(entity[:resource], object, **options)
    end

    def apply_singular(_verb, entity, args, options)
      *args, given = args if args.size == 2 # options in braces, as kubeclient's programs may give them
      object, options = object_and_options(args, symbols(given).merge(options))
      raise Misuse, "missing keyword: :field_manager" unless options[:field_manager]

      apply(entity[:resource], object, kind: entity[:kind], **options)
    end

    def patch_singular(verb, entity, args, options)
      name, patch, namespace = take(args, 2, 3)
      patch(entity[:resource], name, patch, namespace: namespace, strategy: STRATEGIES.fetch(verb), **options)
    end

    def delete_singular(_verb, entity, args, options)
      name, namespace, given = take(args, 1, 3)
      delete(entity[:resource], name, namespace: namespace, **symbols(given), **options)
    end

    def delete_plural(_verb, entity, args, options)
      given, = take(args, 0, 1)
      delete_collection(entity[:resource], **symbols(given), **options)
    end

    def take(args, least, most)
      return args if args.size.between?(least, most)

      raise Misuse, "wrong number of arguments (given #{args.size}, expected #{least == most ? least : "#{least}..#{most}"})"
    end

    # `create_pod(metadata: …)` gives the object as keywords.
    def object_and_options(args, options)
      return [options, {}] if args.empty? && !options.empty?

      take(args, 1, 1)
      [args.first, options]
    end

    def symbols(given)
      given ? given.to_hash.transform_keys(&:to_sym) : NONE
    end
  end
end
