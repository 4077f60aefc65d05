# frozen_string_literal: true

# What `gitlab-kube` does with its words, and how it ends.

require_relative "../gitlab_kube"
require_relative "command_line/options"
require_relative "command_line/logs"

module GitlabKube
  # The command line. Its errors are this gem's words: a hostile cluster cannot write to an operator's terminal by refusing something.
  #
  # @example
  #   exit GitlabKube::CommandLine.new.run(ARGV)
  # @api private
  class CommandLine
    # It did what was asked.
    DONE = 0
    # The cluster did not.
    FAILED = 1
    # The words were not understood, or the kubeconfig cannot be used.
    MISUSED = 2
    # Ctrl-C, as shells count: 128 + SIGINT.
    INTERRUPTED = 130
    # Nobody reads any more (`| head`): 128 + SIGPIPE.
    UNREAD = 141

    # @param output [IO]
    # @param errors [IO]
    def initialize(output: $stdout, errors: $stderr)
      @output = output
      @errors = errors
    end

    # @param words [Array<String>] as in ARGV
    # @return [Integer] the exit code
    def run(words)
      options = Options.parse(words)
      return say(@output, Options::USAGE, DONE) if options.help?

      follow(options)
    rescue Options::Misuse => e
      say(@errors, "gitlab-kube: #{e.message}\n#{Options::USAGE}", MISUSED)
    rescue Interrupt
      INTERRUPTED
    rescue Errno::EPIPE
      UNREAD
    end

    private

    def follow(options)
      Logs.new(options.client, options, @output).execute
      DONE
    rescue Errno::EPIPE, Options::Misuse
      raise
    rescue StandardError => e # a cluster that lies makes errors of any class; only ours have words that are safe to show
      say(@errors, "gitlab-kube: #{e.is_a?(GitlabKube::Error) ? e : e.class}", FAILED)
    end

    def say(stream, text, code)
      stream.puts(text)
      code
    end
  end
end
