# frozen_string_literal: true

# `resource.metadata_as_a_hash`, which recursive-open-struct has.
module Kubeclient
  # Any field as plain Ruby, by its name and a suffix: a Hash, an Array of Hashes, or a value that is neither as it is.
  module ResourceHashes
    # What comes after the field's name.
    SUFFIX = "_as_a_hash"

    # @api private
    def method_missing(name, *arguments)
      field = field_as_a_hash(name)
      field && arguments.empty? ? self.class.new(field => self[field]).to_h.fetch(field.to_sym) : super
    end

    # @api private
    def respond_to_missing?(name, include_private = false)
      !field_as_a_hash(name).nil? || super
    end

    private

    def field_as_a_hash(name)
      field = name.to_s.delete_suffix(SUFFIX)
      field if name.end_with?(SUFFIX) && key?(field)
    end
  end

  GitlabKube::Resource.prepend(ResourceHashes)
end
