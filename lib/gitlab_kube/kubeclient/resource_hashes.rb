# frozen_string_literal: true

# `resource.metadata_as_a_hash`, which recursive-open-struct has.
module Kubeclient
  # Any field as a plain Hash, by its name and a suffix.
  module ResourceHashes
    # What comes after the field's name.
    SUFFIX = "_as_a_hash"

    # @api private
    def method_missing(name, *arguments)
      field = field_as_a_hash(name)
      field && arguments.empty? ? self[field].to_h : super
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
