# frozen_string_literal: true

module GitlabKube
  # What the whole server serves: in two requests (KEP-3352, aggregated discovery), or, where it is old, in one for each group version.
  module ApiResources
    # One resource of one group version.
    ApiResource = Struct.new(:api_version, :kind, :resource, :namespaced, :verbs, :short_names, :subresources, keyword_init: true)

    # Asked anew each time: it is a question about the server, and not needed before others.
    # @return [Array<ApiResource>] of every group and version, but for those whose own server is away
    # @raise [HttpError]
    # @example
    #   client.api_resources.select { |served| served.verbs.include?("list") }.map(&:resource)
    def api_resources
      %w[/api /apis].flat_map { |path| ApiResources.aggregated(ask(path, :aggregated_discovery)) }
    rescue HttpError => e
      raise unless e.error_code == 406 # older than Kubernetes 1.30

      resources_of_each_version
    end

    class << self
      # @api private
      def aggregated(answer)
        understand do
          Array(answer["items"]).flat_map do |group|
            name = group.dig("metadata", "name").to_s
            Array(group["versions"]).flat_map { |version| resources([name, version["version"]].reject(&:empty?).join("/"), version) }
          end
        end
      end

      # An APIResourceList names a subresource `pods/log`, in a row of its own.
      # @api private
      def listed(api_version, answer)
        understand do
          below, own = Array(answer["resources"]).partition { |row| row["name"].include?("/") }
          below = below.map { |row| row["name"].split("/", 2) }.group_by(&:first)
          own.map do |row|
            make(api_version, row, kind: row["kind"], resource: row["name"], namespaced: row["namespaced"] == true,
                                   subresources: below.fetch(row["name"], []).map(&:last))
          end
        end
      end

      # @return [Hash{String => String}] where each group version is
      # @api private
      def versions(core, groups)
        understand do
          others = Array(groups["groups"]).flat_map { |group| group["versions"].map { |version| version["groupVersion"] } }
          Array(core["versions"]).to_h { |version| [version, "/api/#{version}"] }
                                 .merge(others.to_h { |api_version| [api_version, "/apis/#{api_version}"] })
        end
      end

      private

      def resources(api_version, version)
        Array(version["resources"]).map do |row|
          make(api_version, row, kind: row.dig("responseKind", "kind"), resource: row["resource"], namespaced: row["scope"] == "Namespaced",
                                 subresources: Array(row["subresources"]).map { |below| below["subresource"] })
        end
      end

      def make(api_version, row, **facts)
        ApiResource.new(api_version: api_version, verbs: Array(row["verbs"]), short_names: Array(row["shortNames"]), **facts)
      end

      # What is of another shape is an error of ours: Ruby's own would hold what the server wrote.
      def understand
        yield
      rescue NoMethodError, TypeError, ArgumentError
        raise InvalidResponseError.new(nil, "what the server says that it serves is of another shape"), cause: nil
      end
    end

    private

    def ask(path, accept = :json)
      @connection.call({ verb: :get, path: path, accept: accept }).value(false)
    end

    def resources_of_each_version
      ApiResources.versions(ask("/api"), ask("/apis")).flat_map { |api_version, path| resources_below(api_version, path) }
    end

    def resources_below(api_version, path)
      ApiResources.listed(api_version, ask(path))
    rescue ServerError
      raise unless path.start_with?("/apis/")

      [] # of an aggregated API, whose server is somebody else's
    end
  end
end
