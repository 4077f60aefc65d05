# frozen_string_literal: true

# The text of kubeconfigs, as data. Nothing of the text is ever in an error.

require "date"
require "pathname"
require_relative "../plain_yaml"

module GitlabKube
  module Kubeconfig
    # What kubeconfigs say, by name: of several files the first that knows a name has the word, as in kubectl
    # (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files).
    # @api private
    class Source
      include Confidential

      # Larger than any kubeconfig; small enough to be parsed while somebody waits.
      MAX_BYTES = 1 << 20
      PERMITTED = [Date, Time].freeze
      SECTIONS = { "clusters" => "cluster", "contexts" => "context", "users" => "user" }.freeze

      # A cluster, user or context, and the directory that its relative paths start from.
      Entry = Struct.new(:data, :directory) do
        # @return [String] no credentials
        def inspect
          "#<#{self.class}>"
        end
        alias_method :to_s, :inspect
      end

      # @param given [String, Pathname, Array<Pathname, String>] text or paths; a String is a path only where it is trusted
      # @param trusted [Boolean]
      # @return [Source]
      # @raise [InvalidArgumentError]
      def self.read(given, trusted:)
        return new([[given, nil]]) if given.is_a?(String) && (!trusted || given.include?("\n"))

        texts = paths(given).filter_map { |path| load(path) if File.file?(path) }
        raise InvalidArgumentError, "there is no kubeconfig at any of the paths" if texts.empty?

        new(texts)
      rescue SystemCallError
        raise InvalidArgumentError, "the kubeconfig cannot be read", cause: nil
      end

      # A String is a list as in KUBECONFIG.
      def self.paths(given)
        given.is_a?(String) ? given.split(File::PATH_SEPARATOR).reject(&:empty?) : Array(given)
      end

      def self.load(path)
        [File.read(path, MAX_BYTES + 1) || "", File.dirname(File.expand_path(path))]
      end
      private_class_method :paths, :load

      # @param texts [Array<Array(String, String)>] each with its directory
      def initialize(texts)
        @entries = SECTIONS.to_h { |section, _| [section, {}] }
        texts.each { |text, directory| merge(parse(text), directory) }
      end

      # @return [String, nil]
      attr_reader :current_context

      # @return [Array<String>]
      def contexts
        @entries["contexts"].keys
      end

      # @param section [String] such as "clusters"
      # @return [Entry, nil]
      def find(section, name)
        @entries.fetch(section)[name]
      end

      # @return [String] no credentials
      def inspect
        "#<#{self.class}>"
      end

      private

      def parse(text)
        raise InvalidArgumentError, "the kubeconfig is longer than #{MAX_BYTES} bytes" if text.bytesize > MAX_BYTES

        data = PlainYaml.load(text, permitted_classes: PERMITTED) || {}
        return data if data.is_a?(Hash) && [nil, "v1"].include?(data["apiVersion"])

        raise InvalidArgumentError, "this is not a kubeconfig of version v1"
      rescue PlainYaml::Refused => e
        raise InvalidArgumentError, "the kubeconfig #{e.message}", cause: nil
      end

      def merge(data, directory)
        @current_context ||= data["current-context"].then { |name| name.to_s unless name.to_s.empty? }
        SECTIONS.each do |section, key|
          Array(data[section]).each do |row|
            next unless row.is_a?(Hash) && row[key].is_a?(Hash)

            @entries[section][row["name"].to_s] ||= Entry.new(row[key], directory)
          end
        end
      end
    end
  end
end
