# frozen_string_literal: true

require_relative "../errors"

module GitlabKube
  module ReactiveCaching
    # Raised by the caller's block: the value it was given is no good, compute another.
    class InvalidateReactiveCache < StandardError; end

    # A computed value has more bytes than the class or the store allows; the value before it stays.
    class ExceededReactiveCacheLimit < StandardError
      include Error
    end

    # The cache did not take the value; the value before it stays.
    class NotStored < StandardError
      include Error
    end

    # Tags an error of a refresh that has been recorded and will be tried again by itself.
    module Recorded; end
  end
end
