# frozen_string_literal: true

module GitlabKube
  # Long lists, a page at a time.
  module Pages
    # Pages of a list, each a {ResourceList}, until there are no more. A `continue` token that expired raises {GoneError};
    # with `on_expired: :restart` the list starts over: the block is then given the first page again.
    # @param limit [Integer] items per page
    # @param continue [String, nil] where to begin, as a {ResourceList#continue} said
    # @param options [Hash] as for {SubClient#list}, but for other formats and Tables, which do not say where the next page starts
    # @yieldparam page [ResourceList]
    # @return [Enumerator, nil]
    # @raise [InvalidArgumentError] for those
    # @raise [GoneError]
    # @raise [HttpError]
    # @example
    #   client.core_client.each_page("pods", limit: 100) { |page| puts page.pluck("metadata.name") }
    def each_page(resource, limit: 500, continue: nil, on_expired: :raise, **options)
      Pages.check(options)
      return to_enum(:each_page, resource, limit: limit, continue: continue, on_expired: on_expired, **options) unless block_given?

      token = continue
      loop do
        page = begin
          list(resource, limit: limit, **Pages.from(token, options), as: :ros)
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

    # The token says the version; a server refuses to be told it twice.
    # @api private
    def self.from(token, options)
      token ? options.except(:resource_version, :resource_version_match).merge(continue: token) : options
    end

    # @api private
    def self.check(options)
      return if [nil, :ros].include?(options[:as]) && !options[:as_table]

      raise InvalidArgumentError, "each_page gives ResourceLists: no other format, and no Table"
    end
  end
end
