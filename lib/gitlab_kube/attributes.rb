# frozen_string_literal: true

# Reading a Kubernetes object that is a plain, String-keyed Hash.

module GitlabKube
  # @api private
  module Attributes
    # @param attributes [Hash{String => Object}]
    def initialize(attributes = {})
      @attributes = attributes
    end

    # @return [Hash{String => String}]
    def labels
      metadata["labels"] || {}
    end

    # @return [Hash{String => String}]
    def annotations
      metadata["annotations"] || {}
    end

    private

    attr_reader :attributes

    def metadata
      attributes["metadata"] || {}
    end
  end
end
