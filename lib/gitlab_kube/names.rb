# frozen_string_literal: true

# Kubernetes' rules for names, labels and annotations, asked before a request is spent on a refusal.

require_relative "errors"

module GitlabKube
  # Each method answers what it was given, or raises {InvalidArgumentError}. Values are not repeated in the words:
  # they may come from users and end up in logs.
  #
  # @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
  module Names
    LABEL = /\A[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\z/ # RFC 1123 section 2.1
    SUBDOMAIN = /\A(?=.{1,253}\z)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\z/
    QUALIFIED = /\A[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\z/
    DATA_KEY = /\A(?!\.\.?\z)(?!\.\.)[-._a-zA-Z0-9]{1,253}\z/
    private_constant :LABEL, :SUBDOMAIN, :QUALIFIED, :DATA_KEY

    module_function

    # For namespaces and services.
    #
    # @param value [String]
    # @param what [String] what the words call it
    # @return [String]
    # @raise [InvalidArgumentError]
    # @example
    #   GitlabKube::Names.label("My_Namespace", "a namespace")
    #   # InvalidArgumentError: a namespace needs 1 to 63 lower-case letters, digits or "-", …
    def label(value, what)
      check(value, LABEL, %(#{what} needs 1 to 63 lower-case letters, digits or "-", with a letter or digit at both ends))
    end

    # For most other objects.
    def subdomain(value, what)
      check(value, SUBDOMAIN,
            %(#{what} needs 1 to 253 lower-case letters, digits, "-" or ".", with a letter or digit at both ends of each part))
    end

    # For roles and their bindings, which may be named "system:node".
    def path_segment(value, what)
      return value if value.is_a?(String) && !value.empty? && !%w[. ..].include?(value) && !value.match?(%r{[/%]})

      raise InvalidArgumentError, %(#{what} needs a name that is not "." or ".." and has no "/" or "%")
    end

    # For the keys of Secrets and ConfigMaps.
    def data_key(value, what)
      check(value.to_s, DATA_KEY, %(#{what} needs 1 to 253 letters, digits, "-", "_" or ".", and may not start with ".."))
    end

    # @param labels [Hash, nil]
    def labels(labels)
      labels&.each do |key, value|
        qualified(key, "a label's key")
        next if value.nil? || value.to_s.empty?

        check(value.to_s, QUALIFIED,
              %(a label's value needs at most 63 letters, digits, "-", "_" or ".", with a letter or digit at both ends))
      end
    end

    # @param annotations [Hash, nil]
    def annotations(annotations)
      annotations&.each_key { |key| qualified(key.to_s.downcase, "an annotation's key") }
    end

    # "name" or "prefix/name".
    def qualified(key, what)
      name, prefix = key.to_s.split("/", -1).reverse
      subdomain(prefix, "the prefix of #{what}") if prefix
      return if key.to_s.count("/") < 2 && QUALIFIED.match?(name.to_s)

      raise InvalidArgumentError, %(#{what} needs at most 63 letters, digits, "-", "_" or ".", with at most one "/" after a prefix)
    end

    # @api private
    def check(value, pattern, words)
      value.is_a?(String) && pattern.match?(value) ? value : raise(InvalidArgumentError, words)
    end
  end
end
