# frozen_string_literal: true

# Reads what `helm ls --output json` of Helm 2 printed.

require "json"

module GitlabKube
  module Helm
    # Readers of Helm's output.
    module Parsers
      # @example
      #   GitlabKube::Helm::Parsers::ListV2.new(text).releases # => [{ "Name" => "ingress", … }]
      class ListV2
        # The text is not such a list.
        ParserError = Class.new(StandardError)

        # @return [Array<Hash>]
        attr_reader :releases

        # @param text [String] JSON
        # @raise [ParserError]
        def initialize(text)
          list = JSON.parse(text)["Releases"] || []
          raise ParserError, "Invalid format for Releases" unless list.is_a?(Array) && list.all?(Hash)

          @releases = list
        rescue JSON::ParserError, TypeError, NoMethodError
          raise ParserError, "Invalid JSON", cause: nil
        end
      end
    end
  end
end
