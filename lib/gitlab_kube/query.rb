# frozen_string_literal: true

require "time"

module GitlabKube
  # Ruby's words for what Kubernetes takes in a query, as the pairs that go there.
  # @api private
  module Query
    LIST = {
      label_selector: "labelSelector", field_selector: "fieldSelector", resource_version: "resourceVersion",
      resource_version_match: "resourceVersionMatch", limit: "limit", continue: "continue", timeout_seconds: "timeoutSeconds"
    }.freeze
    WATCH = LIST.merge(allow_watch_bookmarks: "allowWatchBookmarks", send_initial_events: "sendInitialEvents").freeze
    WRITE = { dry_run: "dryRun", field_manager: "fieldManager", field_validation: "fieldValidation", force: "force",
              pretty: "pretty" }.freeze
    DELETE = {
      dry_run: "dryRun", grace_period_seconds: "gracePeriodSeconds", propagation_policy: "propagationPolicy",
      orphan_dependents: "orphanDependents"
    }.merge(LIST).freeze
    LOG = {
      container: "container", previous: "previous", timestamps: "timestamps", tail_lines: "tailLines", limit_bytes: "limitBytes",
      since_time: "sinceTime", since_seconds: "sinceSeconds", follow: "follow"
    }.freeze

    EXEC = { container: "container", command: "command", stdin: "stdin", stdout: "stdout", stderr: "stderr", tty: "tty" }.freeze

    module_function

    # @param options [Hash] Ruby's words; nil and false mean "not said"
    # @param table [Hash{Symbol => String}] the words that this request takes
    # @return [Array<Array(String, String)>]
    # @raise [InvalidArgumentError] for a word it does not take
    def pairs(options, table)
      return [] if options.empty?

      unknown = options.keys - table.keys
      raise InvalidArgumentError, "unknown option: #{unknown.map(&:to_s).sort.join(', ')}" unless unknown.empty?

      options.flat_map { |key, value| several(key, value).map { |one| [table.fetch(key), text(key, one)] } }
    end

    # The words of a command are a parameter each.
    def several(key, value)
      return value if key == :command

      value ? [value] : []
    end

    def text(key, value)
      case key
      when :label_selector, :field_selector then selector(value)
      when :dry_run then value == true ? "All" : value.to_s
      when :since_time then time(value)
      else value.to_s
      end
    end

    # `{ app: "web" }` is `app=web`; a String is taken as it is.
    def selector(value)
      value.respond_to?(:to_hash) ? value.to_hash.map { |key, wanted| "#{key}=#{wanted}" }.join(",") : value.to_s
    end

    # RFC 3339 with nine decimals, as kubeclient sends it.
    def time(value)
      case value
      when String then value
      when Time then value.xmlschema(9)
      else
        raise InvalidArgumentError, "since_time must be a String, a Time or a DateTime" unless value.respond_to?(:rfc3339)

        value.rfc3339(9)
      end
    end
  end
end
