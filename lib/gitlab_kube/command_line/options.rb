# frozen_string_literal: true

# The words of the command line.

require "optparse"
require "pathname"
require_relative "../helm"

module GitlabKube
  class CommandLine
    # What was asked for.
    # @api private
    class Options
      # Words that mean nothing, or a kubeconfig that cannot be used.
      class Misuse < StandardError; end

      # For those who ask, and those who were not understood.
      USAGE = <<~TEXT.freeze
        Usage: gitlab-kube logs POD [--follow] [options]

        Writes the log of a pod: install-NAME and uninstall-NAME are those of an application's operations.

            -f, --follow              wait for the pod to begin, and write each line as it comes, until the pod ends
            -n, --namespace NAME      #{Helm::NAMESPACE} unless given
            -c, --container NAME      needed where the pod has several
                --kubeconfig PATH     $KUBECONFIG, or ~/.kube/config, unless given; its plugins are run
                --context NAME        the kubeconfig's current context unless given
            -h, --help

        Exit codes: 0 the log was written; 1 the cluster refused or was not reached; 2 this was not understood, or the kubeconfig
        cannot be used; 130 Ctrl-C.
      TEXT

      # @return [String, nil]
      attr_reader :pod, :namespace, :container

      # @param words [Array<String>]
      # @return [Options]
      # @raise [Misuse]
      def self.parse(words)
        new.tap { |options| options.read(words) }
      end

      def initialize
        @namespace = Helm::NAMESPACE
        @kubeconfig = ENV.fetch("KUBECONFIG") { File.join(Dir.home, ".kube", "config") }
      end

      # @return [Boolean]
      def follow?
        @follow ? true : false
      end

      # @return [Boolean]
      def help?
        @help ? true : false
      end

      # @return [KubeClient] of the kubeconfig's context
      # @raise [Misuse]
      def client
        KubeClient.from_kubeconfig(@kubeconfig.split(File::PATH_SEPARATOR).map { |path| Pathname(path) }, context: @context, trusted: true)
      rescue StandardError # a file of any content fails in any way, with words that may hold what it holds
        raise Misuse, "the kubeconfig cannot be used, or has no such context", cause: nil
      end

      # @param words [Array<String>]
      # @return [void]
      # @raise [Misuse]
      def read(words)
        command, @pod, *more = parser.parse(words)
        return if help?
        raise Misuse, "the command is logs, and it needs one pod" unless command == "logs" && @pod && more.empty?
      rescue OptionParser::ParseError => e
        raise Misuse, e.message
      end

      private

      def parser
        OptionParser.new do |parser|
          parser.on("-f", "--follow") { @follow = true }
          parser.on("-n", "--namespace NAME") { |name| @namespace = name }
          parser.on("-c", "--container NAME") { |name| @container = name }
          parser.on("--kubeconfig PATH") { |path| @kubeconfig = path }
          parser.on("--context NAME") { |name| @context = name }
          parser.on("-h", "--help") { @help = true }
        end
      end
    end
  end
end
