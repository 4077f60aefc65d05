# frozen_string_literal: true

# Method names from kinds, for programs that ask kubeclient for them. The client itself has them from the core.
module Kubeclient
  # One kind of thing the server has.
  Definition = Struct.new(:entity_type, :resource_name, :method_names, keyword_init: true)

  # Kubeclient 4's rules.
  class Definition
    # Kinds that are plural already.
    IRREGULAR = {
      "Endpoints" => %w[endpoint endpoints],
      "SecurityContextConstraints" => %w[security_context_constraint security_context_constraints]
    }.freeze

    class << self
      # @param kind [String] such as "NetworkPolicy"
      # @param name [String] such as "networkpolicies"
      # @return [Definition]
      # @example
      #   Kubeclient::Definition.parse("NetworkPolicy", "networkpolicies").method_names # => ["network_policy", "network_policies"]
      def parse(kind, name)
        new(entity_type: kind, resource_name: name, method_names: IRREGULAR[kind] || regular(kind, name))
      end

      # @param kind [String]
      # @return [String]
      # @example
      #   Kubeclient::Definition.underscore("NetworkPolicy") # => "network_policy"
      def underscore(kind)
        kind.gsub(/([a-z])([A-Z])/, '\1_\2').downcase
      end

      private

      # The kind's last capital tells where singular and plural part: NetworkP|olicy, networkp|olicies.
      def regular(kind, name)
        stem, singular_end = kind.match(/\A(.*[A-Z])([^A-Z]*)\z/m)&.captures
        return [kind, name] unless stem
        return unconventional(kind, name.tr("-", "_")) unless name.start_with?(stem.downcase)

        [singular_end, name[stem.length..]].map { |ending| underscore(stem) + ending }
      end

      def unconventional(kind, name)
        singular = underscore(kind)
        name.start_with?(singular) ? [singular, name] : [kind.downcase, name.delete("_")]
      end
    end
  end
end
