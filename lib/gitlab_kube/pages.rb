# frozen_string_literal: true

module GitlabKube
  # Long lists, a page at a time.
  module Pages
    # Pages of a list, each a {ResourceList}, until there are no more. A `continue` token that expired raises {GoneError};
    # with `on_expired: :restart` the list starts over: the block is then given the first page again.
    # @param limit [Integer] items per page
    # @return [Enumerator, nil]
    def each_page(resource, limit: 500, on_expired: :raise, **options)
      return to_enum(:each_page, resource, limit: limit, on_expired: on_expired, **options) unless block_given?

      token = nil
      loop do
        page = begin
          list(resource, limit: limit, continue: token, **options)
        rescue GoneError
          raise unless on_expired == :restart && token

          token = nil
          next
        end
        yield page
        token = page.continue
        return nil if token.nil? || token.empty?
      end
    end
  end
end
