# frozen_string_literal: true

# Runs a program without a shell, bounded in time and output.

require_relative "../clock"
require_relative "../confidential"

module GitlabKube
  module Kubeconfig
    # One command of the operator's. What it writes to its standard error is kept, and never shown.
    # @api private
    class Command
      include Confidential

      # Seconds; a plugin may ask a slow identity provider.
      TIMEOUT = 60
      MAX_BYTES = 1 << 20

      # Where a kubeconfig's command is, as kubectl has it: a bare word is looked up in PATH, `./plugin` is beside the kubeconfig.
      # @param name [String]
      # @param directory [String, nil] of the kubeconfig
      # @return [String]
      def self.locate(name, directory)
        name.include?("/") ? File.expand_path(name, directory || Dir.pwd) : name
      end

      # @param executable [String]
      # @param arguments [Array<String>, nil]
      # @param environment [Hash{String => String}] on top of this process's
      # @param clock [#call] monotonic seconds
      def initialize(executable, arguments, environment, clock: Clock.method(:now))
        @executable = executable
        @arguments = Array(arguments).map(&:to_s)
        @environment = environment
        @clock = clock
      end

      # @return [String] its standard output
      # @raise [CredentialPluginError]
      def run
        output, output_end = IO.pipe
        errors, errors_end = IO.pipe
        waiter = spawn(output_end, errors_end)
        [output_end, errors_end].each(&:close)
        texts = collect(output, errors)
        finished(waiter, texts)
      ensure
        stop(waiter) if waiter
        [output, output_end, errors, errors_end].each { |pipe| pipe&.close }
      end

      # @return [String] no arguments: they may hold secrets
      def inspect
        "#<#{self.class}>"
      end

      private

      # The pair keeps a command without arguments away from the shell. A group of its own ends with its children.
      def spawn(output, errors)
        @deadline = @clock.call + TIMEOUT
        options = { in: File::NULL, out: output, err: errors, pgroup: true }
        Process.detach(Process.spawn(@environment, [@executable, @executable], *@arguments, options))
      rescue SystemCallError
        raise CredentialPluginError, "the exec plugin cannot be run", cause: nil
      end

      # Both at once: a program that fills one pipe while we read the other would wait for ever.
      def collect(*pipes)
        texts = pipes.to_h { |pipe| [pipe, +""] }
        open = pipes.dup
        until open.empty?
          ready, = IO.select(open, nil, nil, left)
          raise failure("the exec plugin timed out", texts.values.last) unless ready

          ready.each { |pipe| open.delete(pipe) unless take(pipe, texts[pipe]) }
          raise failure("the exec plugin wrote too much", "") if texts.values.any? { |text| text.bytesize > MAX_BYTES }
        end
        texts.values
      end

      def take(pipe, text)
        chunk = pipe.read_nonblock(65_536, exception: false)
        text << chunk if chunk.is_a?(String)
        !chunk.nil?
      end

      def finished(waiter, texts)
        raise failure("the exec plugin timed out", texts.last) unless waiter.join(left)
        raise failure("the exec plugin failed (exit status #{waiter.value.exitstatus || 'none'})", texts.last) unless waiter.value.success?

        texts.first
      end

      def stop(waiter)
        Process.kill("KILL", -waiter.pid) if waiter.alive?
      rescue Errno::ESRCH, Errno::EPERM
        nil # it has just ended
      end

      def failure(words, errors)
        CredentialPluginError.new(words).facts(server_message: errors.dup.force_encoding(Encoding::UTF_8).scrub)
      end

      def left
        [@deadline - @clock.call, 0].max
      end
    end
  end
end
