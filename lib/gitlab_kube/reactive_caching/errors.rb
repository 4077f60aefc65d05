# frozen_string_literal: true

module GitlabKube
  module ReactiveCaching
    # Raised by the caller's block: the value it was given is no good, compute another.
    class InvalidateReactiveCache < StandardError; end

    # A computed value has more bytes than the class or the store allows; the value before it stays.
    class ExceededReactiveCacheLimit < StandardError; end

    # The cache did not take the value; the value before it stays.
    class NotStored < StandardError; end

    # Tags an error of a refresh that has been recorded and will be tried again by itself.
    module Recorded; end
  end
end
