# frozen_string_literal: true

# Choosing the objects that belong to an environment.

module GitlabKube
  module Kubernetes
    # Every method takes and answers an Array of plain Hashes.
    module Filters
      # The project's full path as a slug.
      APP_ANNOTATION = "app.gitlab.com/app"
      # The environment's slug.
      ENV_ANNOTATION = "app.gitlab.com/env"

      # @param items [Array<Hash>]
      # @param labels [Hash] all of which an item must have
      # @return [Array<Hash>]
      # @example
      #   filter_by_label(pods, app: "web")
      def filter_by_label(items, labels = {})
        items.select { |item| described?(item, "labels", labels) }
      end

      # @param items [Array<Hash>]
      # @param annotations [Hash] all of which an item must have
      # @return [Array<Hash>]
      def filter_by_annotation(items, annotations = {})
        items.select { |item| described?(item, "annotations", annotations) }
      end

      # @param items [Array<Hash>]
      # @param app [String] the project's full path as a slug
      # @param env [String] the environment's slug
      # @return [Array<Hash>]
      def filter_by_project_environment(items, app, env)
        filter_by_annotation(items, APP_ANNOTATION => app, ENV_ANNOTATION => env)
      end

      # Objects of charts so old that they have only the label `app`.
      #
      # @param items [Array<Hash>]
      # @param app [String]
      # @param env [String]
      # @return [Array<Hash>]
      def filter_by_legacy_label(items, app, env)
        legacy = filter_by_label(items, app: env)
        legacy - filter_by_project_environment(legacy, app, env)
      end

      private

      def described?(item, field, wanted)
        given = item.dig("metadata", field)
        !given.nil? && wanted.all? { |key, value| given[key.to_s] == value }
      end
    end
  end
end
