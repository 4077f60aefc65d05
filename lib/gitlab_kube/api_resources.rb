# frozen_string_literal: true

module GitlabKube
  # What the whole server serves, in two requests (KEP-3352, aggregated discovery).
  module ApiResources
    # One resource of one group version.
    ApiResource = Struct.new(:api_version, :kind, :resource, :namespaced, :verbs, :short_names, :subresources, keyword_init: true)

    # Asked anew each time: it is a question about the server, and not needed before others.
    # @return [Array<ApiResource>] of every group and version
    # @raise [HttpError] with code 406 where the server is older than Kubernetes 1.30
    # @example
    #   client.api_resources.select { |served| served.verbs.include?("list") }.map(&:resource)
    def api_resources
      %w[/api /apis].flat_map do |path|
        answer = @connection.call({ verb: :get, path: path, accept: :aggregated_discovery }).value(false)
        ApiResources.groups(answer["items"])
      end
    end

    # @api private
    def self.groups(items)
      Array(items).flat_map do |group|
        name = group.dig("metadata", "name").to_s
        Array(group["versions"]).flat_map do |version|
          api_version = name.empty? ? version["version"] : "#{name}/#{version['version']}"
          Array(version["resources"]).map { |row| resource(api_version, row) }
        end
      end
    end

    # @api private
    def self.resource(api_version, row)
      ApiResource.new(
        api_version: api_version, kind: row.dig("responseKind", "kind"), resource: row["resource"],
        namespaced: row["scope"] == "Namespaced", verbs: Array(row["verbs"]), short_names: Array(row["shortNames"]),
        subresources: Array(row["subresources"]).map { |subresource| subresource["subresource"] }
      )
    end
  end
end
