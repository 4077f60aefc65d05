# frozen_string_literal: true

module GitlabKube
  # Long lists, a page at a time.
  module Pages
    # Pages of a list, each a {ResourceList}, until there are no more. A `continue` token that expired raises {GoneError};
    # with `on_expired: :restart` the list starts over: the block is then given the first page again.
    # @param limit [Integer] items per page
    # @param options [Hash] as for {SubClient#list}, but for other formats and Tables, which do not say where the next page starts
    # @yieldparam page [ResourceList]
    # @return [Enumerator, nil]
    # @raise [InvalidArgumentError] for those
    # @raise [GoneError]
    # @raise [HttpError]
    # @example
    #   client.core_client.each_page("pods", limit: 100) { |page| puts page.pluck("metadata.name") }
    def each_page(resource, limit: 500, on_expired: :raise, **options)
      Pages.check(options)
      return to_enum(:each_page, resource, limit: limit, on_expired: on_expired, **options) unless block_given?

      token = nil
      loop do
        page = begin
          list(resource, limit: limit, continue: token, **options, as: :ros)
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

    # @api private
    def self.check(options)
      return if [nil, :ros].include?(options[:as]) && !options[:as_table]

      raise InvalidArgumentError, "each_page gives ResourceLists: no other format, and no Table"
    end
  end
end
