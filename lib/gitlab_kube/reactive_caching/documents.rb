# frozen_string_literal: true

module GitlabKube
  module ReactiveCaching
    # Kubernetes documents as they are stored: the server's own JSON, with the kind of a list's items before it. No Ruby class is named in
    # it, so any later version can read it. (A document inside a Hash or an Array goes with Marshal, as bytes too.)
    # @api private
    module Documents
      class << self
        # @return [String, nil] nil for what is not a document, or is one that was read and may have been changed
        def dump(value)
          return unless defined?(ResourceList) && (value.is_a?(Resource) || value.is_a?(ResourceList))

          json = value.document_json
          [(value.kind if value.is_a?(ResourceList)).to_s, json].pack("Z*a*") if json
        end

        # @return [ResourceList, Resource]
        # @raise [StandardError] for what is not JSON
        def load(bytes)
          kind, json = bytes.unpack("Z*a*")
          document = Native::Document.parse(json)
          return Resource.from_source(document.root) unless document.list?

          ResourceList.from_source(document, kind: kind.empty? ? nil : kind)
        end
      end
    end
  end
end
