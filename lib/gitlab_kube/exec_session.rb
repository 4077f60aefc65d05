# frozen_string_literal: true

require_relative "exec_result"
require_relative "pod_input"

module GitlabKube
  # A command that runs in a container. One thread reads its output while another writes its input; any thread closes it.
  # It belongs to the process that opened it.
  class ExecSession
    include PodInput

    # Bytes that a result collects unless told otherwise.
    OUTPUT_LIMIT = 64 << 20
    # Bytes read at once from what is given as standard input.
    PIECE = 256 << 10
    private_constant :PIECE

    # @return [Integer, nil] nil until the command has ended and its output has been read
    attr_reader :exit_code

    # @param native [Native::Session]
    # @api private
    def initialize(native)
      @native = native
    end

    # The output as it comes, in binary pieces, until the command has ended.
    # @yieldparam name [Symbol] :stdout or :stderr
    # @yieldparam bytes [String]
    # @return [Integer, nil, Enumerator] the exit code; nil if the session was closed before the end
    # @raise [StreamCutError, HttpError]
    # @example
    #   session.each_output { |name, bytes| log.write(bytes) if name == :stderr }
    def each_output
      return to_enum(:each_output) unless block_given?

      while (name, bytes = next_output)
        yield name, bytes
      end
      exit_code
    end

    # @return [Array(Symbol, String), nil] nil at the end
    # @api private
    def next_output
      name, value = @native.read
      @exit_code = value if name == :exit
      name == :exit || name.nil? ? nil : [name, value]
    end

    # Ends standard input: the command reads its end.
    # @return [nil]
    # @raise [InvalidArgumentError] where the server is older than Kubernetes 1.30 and cannot do that
    # @raise [CancelledError, StreamCutError] as `write` does
    # @example
    #   session.close_stdin
    def close_stdin
      @native.close_stdin
    end

    # Tells the terminal's size, in characters.
    # @param width [Integer]
    # @param height [Integer]
    # @return [nil]
    # @raise [CancelledError, StreamCutError] as `write` does
    # @example
    #   session.resize(120, 40)
    def resize(width, height)
      @native.resize(width, height)
    end

    # Ends the session. A command that reads its input reads its end.
    # @return [nil]
    # @raise nothing
    # @example
    #   session.close
    def close
      @native.close
    end

    # Runs to the end, or for as long as the block does.
    # @api private
    def use(stdin, stdout, stderr, limit, &block)
      block ? yield(self) : run(stdin, Sink.new(stdout, limit), Sink.new(stderr, limit))
    ensure
      close
    end

    private

    # Input and output go at the same time: a command may write before it has read everything.
    def run(stdin, stdout, stderr)
      sinks = { stdout: stdout, stderr: stderr }
      feeding = feed(stdin)
      each_output { |name, bytes| sinks.fetch(name).write(bytes) }
      raise @failure if @failure

      ExecResult.new(exit_code, stdout.text, stderr.text)
    ensure
      feeding&.kill&.join
    end

    def feed(stdin)
      return unless stdin && stdin != true

      Thread.new do
        give(stdin)
      rescue CancelledError, StreamCutError
        nil # the command did not want it all; the reader is told how it ended
      rescue Exception => e # rubocop:disable Lint/RescueException -- raised again where the caller waits
        @failure = e
        close
      end
    end

    def give(stdin)
      if stdin.respond_to?(:call)
        stdin.call(self)
      else
        stdin.respond_to?(:read) ? pour(stdin) : write(stdin)
      end
      close_stdin
    end

    def pour(source)
      while (piece = source.read(PIECE))
        write(piece)
      end
    end

    # Where output goes: to what the caller gave, or into a bounded String.
    # @api private
    class Sink
      # @return [String, nil] what was collected
      def text
        @text&.force_encoding(Encoding::UTF_8)
      end

      def initialize(target, limit)
        @target = target
        @limit = limit
        @text = String.new(encoding: Encoding::BINARY) unless target
      end

      def write(bytes)
        return @target.respond_to?(:call) ? @target.call(bytes) : @target.write(bytes) if @target
        raise DecodedBytesLimitError.new(nil, "the command wrote more than may be collected") if @text.bytesize + bytes.bytesize > @limit

        @text << bytes
      end
    end
    private_constant :Sink
  end
end
