# frozen_string_literal: true

module GitlabKube
  # How a command in a container ended.
  class ExecResult
    # @return [Integer, nil] nil when the session was closed before the end
    attr_reader :exit_code
    # @return [String, nil] as UTF-8, which it need not be; nil where it went elsewhere. A container wrote it: do not trust it.
    attr_reader :stdout
    # @return [String, nil] likewise
    attr_reader :stderr

    # @param exit_code [Integer, nil]
    # @param stdout [String, nil]
    # @param stderr [String, nil]
    def initialize(exit_code, stdout, stderr)
      @exit_code = exit_code
      @stdout = stdout
      @stderr = stderr
    end

    # @return [Boolean]
    def success?
      exit_code == 0 # rubocop:disable Style/NumericPredicate -- it may be nil
    end

    # @return [String] no output
    def inspect
      "#<#{self.class} exit_code=#{exit_code.inspect}>"
    end
    alias to_s inspect
  end
end
