# frozen_string_literal: true

require_relative "errors"
require_relative "query"

module GitlabKube
  # Chosen fields of every object of a collection, however long it is: its bytes are forgotten as they come.
  module StreamingPluck
    # Like `list(…).pluck(…)`, but the list is never whole in memory: each row is given when its object has come. A page follows another
    # until there are none.
    #
    # A row that was given stays given: where the list is cut, is no JSON, or crosses a limit later on, the error comes after the
    # rows before it, and nothing begins anew by itself. To leave the block early closes the connection. The read and total
    # timeouts count the server's time only, not the block's; of the limits on bytes `limits: { streamed_bytes: }` holds, which is
    # without bound unless it is given, and `line_bytes` for each object.
    #
    # @param resource [String] such as "pods"
    # @param paths [Array<String, Symbol>] as for {ResourceList::Pluck#pluck}
    # @param namespace [String, nil]
    # @param metadata_only [Boolean] whether to get each object's metadata only, where the paths ask for no more
    # @param options [Hash] label_selector, field_selector, limit (objects in a page), …, as for {SubClient#list}
    # @yieldparam row [Object] the value, or an Array of the values where several paths are asked
    # @return [String, nil] with a block the collection's version, from which a watch may go on
    # @return [Array] without one the rows
    # @raise [InvalidArgumentError] without a path, or for what is no path
    # @raise [InvalidResponseError] the answer is no list, or ends too early
    # @raise [GoneError] between two pages that are too far apart
    # @raise [HttpError]
    # @example
    #   client.core_client.pluck("pods", "metadata.name", "status.phase") { |name, phase| puts "#{name} #{phase}" }
    def pluck(resource, *paths, namespace: nil, metadata_only: false, **options, &block)
      raise InvalidArgumentError, "pluck needs at least one path" if paths.empty?

      accept = DocumentFormat.accept(:partial_metadata_list, metadata_only, false)
      facts = { namespace: namespace, accept: accept, columns: paths.map(&:to_s) }
      give = block || (all = []).method(:push)
      version = pluck_pages(resource, facts, options) { |rows| (paths.one? ? rows.map(&:first) : rows).each(&give) }
      all || version
    end

    private

    def pluck_pages(resource, facts, options, &give)
      loop do
        version, token = pluck_page(resource, { query: Query.pairs(options, Query::LIST), **facts }, &give)
        return version unless token

        # The token says the version; a server refuses to be told it twice.
        options = options.except(:resource_version, :resource_version_match).merge(continue: token)
      end
    end

    def pluck_page(resource, facts)
      list = request(:get, resource, want: :pluck, **facts)
      shared = [] # the Strings that stand in many cells
      while (rows = list.next(shared))
        yield rows
      end
      list.tail
    ensure
      list&.close
    end
  end
end
