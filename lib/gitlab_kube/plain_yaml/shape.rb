# frozen_string_literal: true

# The shape of a YAML text, before anything is built of it.

module GitlabKube
  module PlainYaml
    # Refuses aliases, a few lines of which are gigabytes, and deep nesting, for which libyaml takes time quadratic in the depth.
    # @api private
    class Shape < Psych::Handler
      # A kubeconfig has six levels; the schema of a custom resource that holds pod templates has some forty.
      MAX_DEPTH = 100

      def initialize
        super
        @depth = 0
      end

      # Psych gives it the anchor.
      def alias(_anchor)
        raise Refused, "has YAML aliases"
      end

      # Psych gives anchors, tags and styles to both.
      def start_mapping(*)
        @depth += 1
        raise Refused, "is nested too deep" if @depth > MAX_DEPTH
      end
      alias start_sequence start_mapping

      # Nothing is given to either.
      def end_mapping
        @depth -= 1
      end
      alias end_sequence end_mapping
    end
  end
end
