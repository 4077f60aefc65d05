# frozen_string_literal: true

# YAML that somebody else wrote, as data.

require "psych"

module GitlabKube
  # Reads YAML without objects, without aliases and without surprises. Nothing of the text is in an error.
  # @api private
  module PlainYaml
    # Why not, in our words. A Psych::Exception, which is what those who call Psych rescue.
    class Refused < Psych::Exception; end

    # libyaml compares each directive, and each tag, with every directive before it: in half a MiB of them it spends seconds. No
    # kubeconfig and no manifest has any.
    MOST_DIRECTIVES = 100

    # The shape is looked at before anything is built. Of a scalar that is not of its tag (`!!float x`) Psych lets out what Ruby says,
    # with the scalar in it.
    # @param text [String]
    # @param options [Hash] for Psych.safe_load
    # @return [Object, nil]
    # @raise [Refused]
    def self.load(text, **options)
      raise Refused, "has too many tag directives" if text.scan("%TAG").size > MOST_DIRECTIVES

      Psych::Parser.new(Shape.new).parse(text)
      Psych.safe_load(text, aliases: false, **options)
    rescue Refused
      raise
    rescue StandardError
      raise Refused, "is not plain YAML", cause: nil
    end
  end
end

require_relative "plain_yaml/shape"
