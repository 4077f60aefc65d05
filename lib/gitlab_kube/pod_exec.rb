# frozen_string_literal: true

require_relative "exec_session"

module GitlabKube
  # Commands in running containers.
  module PodExec
    # Runs a command in a container, without a shell, and waits for its end; or, with a block, gives the session to the block.
    #
    # The session is closed after the block, and when the call is interrupted (`Timeout`, `Thread#kill`). A command that reads its input
    # then reads the end of it; one that does not may run on: Kubernetes kills no command.
    #
    # @param pod [String]
    # @param namespace [String]
    # @param command [String, Array<String>] the program and its arguments; a String is a program's name, not a line for a shell
    # @param container [String, nil] needed where the pod has several
    # @param stdin [String, #read, #call, Boolean, nil] what to give the command; something callable is called with the session, to
    #   write to it. With a block: whether the command has standard input (it does unless told not to).
    # @param tty [Boolean] whether the command gets a terminal; its standard error then comes as standard output
    # @param stdout [#write, #call, nil] where output goes as it comes; nil collects it in the result
    # @param stderr [#write, #call, nil] likewise
    # @param output_limit [Integer] bytes that the result may collect
    # @yieldparam session [ExecSession]
    # @return [ExecResult, Object] with a block, what it returns
    # @raise [ResourceNotFoundError, ForbiddenError, HttpError] when the server does not run the command
    # @raise [DecodedBytesLimitError] when more is written than may be collected
    # @raise [StreamCutError] when the connection ends before the command
    # @example
    #   result = client.core_client.exec("web-0", "shop", ["sh", "-c", "wc -l"], stdin: File.open("names"))
    #   result.exit_code # => 0
    # @example
    #   client.core_client.exec("web-0", "shop", "sh", tty: true) do |session|
    #     session.resize(120, 40)
    #     session.write("exit 3\n")
    #     session.each_output { |_name, bytes| print bytes }
    #     session.exit_code # => 3
    #   end
    def exec(pod, namespace, command, container: nil, stdin: nil, tty: false, stdout: nil, stderr: nil,
             output_limit: ExecSession::OUTPUT_LIMIT, &block)
      words = Array(command).map(&:to_s)
      raise InvalidArgumentError, "a command has at least one word" if words.empty?

      stdin = true if stdin.nil? && block
      session = open_session("exec", pod, namespace, command: words, container: container, stdin: stdin, tty: tty)
      session.use(stdin, stdout, stderr, output_limit, &block)
    end

    # Joins the main process of a container: its output from now on, and its input if its spec has `stdin`.
    #
    # @param pod [String]
    # @param namespace [String]
    # @param container [String, nil] needed where the pod has several
    # @param stdin [String, #read, #call, Boolean, nil] as for {#exec}; without anything, the process gets no input from here
    # @param tty [Boolean] must be what the container's spec says
    # @param stdout [#write, #call, nil] as for {#exec}
    # @param stderr [#write, #call, nil] as for {#exec}
    # @param output_limit [Integer] bytes that the result may collect
    # @yieldparam session [ExecSession]
    # @return [ExecResult, Object] with a block, what it returns
    # @raise [ResourceNotFoundError, ForbiddenError, HttpError]
    # @example
    #   client.core_client.attach("web-0", "shop") { |session| session.each_output { |_name, bytes| print bytes } }
    def attach(pod, namespace, container: nil, stdin: nil, tty: false, stdout: nil, stderr: nil,
               output_limit: ExecSession::OUTPUT_LIMIT, &block)
      session = open_session("attach", pod, namespace, container: container, stdin: stdin, tty: tty)
      session.use(stdin, stdout, stderr, output_limit, &block)
    end

    private

    def open_session(subresource, pod, namespace, stdin:, tty:, **options)
      @connection.check
      raise InvalidArgumentError, "#{subresource} needs a pod and a namespace" unless pod && namespace

      options = options.compact.merge(stdin: stdin ? true : nil, stdout: true, stderr: !tty, tty: tty)
      ExecSession.new(request(:get, "pods", namespace: namespace, name: pod, subresource: subresource, want: :exec, accept: :any,
                                            query: Query.pairs(options, Query::EXEC)))
    end
  end
end
