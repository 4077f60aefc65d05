# frozen_string_literal: true

require_relative "plain_yaml"

module GitlabKube
  # Server-side apply of what stands in YAML files.
  module ApplyYaml
    # Applies each document of a YAML text, in order; the kind and apiVersion of each say where it goes. Where one is refused, those
    # before it have been applied.
    # @param text [String] documents between `---`; a List is its items
    # @param field_manager [String] who owns the fields
    # @param namespace [String, nil] of namespaced objects that name none
    # @param options [Hash] force, dry_run, field_validation
    # @return [Array<Resource>]
    # @raise [InvalidArgumentError] before anything is sent, where the text is not plain data; and for a kind the server does not serve
    # @raise [ConflictError] where somebody else owns a field, unless `force: true`
    # @example
    #   client.apply_yaml(File.read("deploy.yml"), field_manager: "deployer", namespace: "web")
    def apply_yaml(text, field_manager:, namespace: nil, force: false, **options)
      ApplyYaml.objects(text).map do |object|
        client = client_for(object["apiVersion"])
        entity = ApplyYaml.entity(client, object)
        client.apply(entity[:resource], object, field_manager: field_manager, force: force,
                                                namespace: ApplyYaml.namespace(entity, object, namespace), **options)
      end
    end

    # Parted before each marker (YAML 1.2.2 §9.1.2), whatever ends its line and whatever follows it there: of two documents in one piece
    # Psych would read the first and pass over the other.
    # @api private
    def self.objects(text)
      raise PlainYaml::Refused unless text.valid_encoding?

      documents = text.split(/^(?=---(?:\s|\z))/).filter_map { |document| PlainYaml.load(document) }
      objects = documents.flat_map { |object| object.is_a?(Hash) && object["items"].is_a?(Array) ? object["items"] : [object] }
      return objects if objects.all? { |object| object?(object) }

      raise InvalidArgumentError, "a YAML document is not an object with apiVersion and kind"
    rescue Psych::Exception
      raise InvalidArgumentError, "the YAML is not plain data (text like a date must be quoted, and aliases be written out)", cause: nil
    end

    # @api private
    def self.object?(value)
      value.is_a?(Hash) && value.values_at("apiVersion", "kind").all?(String)
    end

    # @api private
    def self.entity(client, object)
      client.entities.find { |entity| entity[:kind] == object["kind"] } ||
        raise(InvalidArgumentError, "the server does not serve the kind of a YAML document")
    end

    # @api private
    def self.namespace(entity, object, default)
      return unless entity[:namespaced]

      given = object["metadata"].is_a?(Hash) && object["metadata"]["namespace"]
      given || default || raise(InvalidArgumentError, "a YAML document has no namespace")
    end
  end
end
