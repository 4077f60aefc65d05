# frozen_string_literal: true

# Reads what `helm ls --output json` of Helm 2 printed.

require "json"

module GitlabKube
  module Helm
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
          @releases = JSON.parse(text)["Releases"] || []
          raise ParserError, "Invalid format for Releases" unless releases.is_a?(Array) && releases.all?(Hash)
        rescue JSON::ParserError, TypeError, NoMethodError
          raise ParserError, "Invalid JSON", cause: nil
        end
      end
    end
  end
end
