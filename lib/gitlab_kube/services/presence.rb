# frozen_string_literal: true

# "It is not there" as an answer, for services that can be repeated.

module GitlabKube
  module Services
    # What a request about one object says of its being there.
    # @api private
    module Presence
      private

      # @yield the request
      # @return [Boolean] whether the object was there
      # @raise [HttpError] other than 404
      def found
        yield
        true
      rescue ResourceNotFoundError
        false
      end
    end
  end
end
