# frozen_string_literal: true

module GitlabKube
  # Events of a watch as they come. Ends when the server ends it; raises when it was cut. Any thread may {#finish} it.
  #
  # @example
  #   stream = client.watch_pods(namespace: "web")
  #   stream.each { |notice| puts "#{notice.type} #{notice.object.metadata.name}" }
  class WatchStream
    include Enumerable

    # What a watch tells: `type` is ADDED, MODIFIED, DELETED, BOOKMARK or ERROR; `object` is in the format that was asked for.
    Notice = Struct.new(:type, :object) do
      # @return [String] no field of the object
      def inspect
        "#<#{self.class} #{type}>"
      end

      # For `pp`, which would print a Struct's members.
      def pretty_print(printer)
        printer.text(inspect)
      end
      alias_method :to_s, :inspect
    end

    # @param format [#call] turns `(event tuple)` into a notice
    # @param idle [Numeric, nil] seconds of silence after which the server is taken for dead: {TimeoutError}
    # @yieldreturn [Native::Stream] opens the stream, when it is first read
    # @api private
    def initialize(format, idle: nil, &open)
      @format = format
      @idle = idle
      @open = open
      @lock = Mutex.new
    end

    # Opens the stream; where it has ended, or was left, and is not finished, calling this again opens it anew.
    # @yieldparam notice [Notice, Hash, String]
    # @return [nil, Enumerator] nil when the stream has ended
    def each
      return to_enum(:each) unless block_given?

      stream = open or return
      while (event = stream.event(@idle))
        yield @format.call(event)
      end
    ensure
      leave if block_given?
    end

    # Ends the stream, from any thread; {#each} then returns. Where it waits for the server to begin its answer, it does so when that
    # has come, or the client's `timeouts` have passed; `Thread#raise` breaks that wait off.
    # @return [void]
    def finish
      @lock.synchronize do
        @finished = true
        @stream&.close
      end
      nil
    end

    # @return [String]
    def inspect
      "#<#{self.class}>"
    end

    private

    def open
      reopen(&@open)
    end

    def leave
      @lock.synchronize do
        @stream&.close
        @stream = nil
      end
    end

    def reopen
      return if @finished

      # An exception from another thread may end the opening; once there is a connection, it has to wait until somebody can close that.
      stream = Thread.handle_interrupt(Object => :on_blocking) { @stream = yield }
      return stream unless @finished

      stream.close
      nil
    rescue Error
      raise unless @finished # whoever said stop does not care why it could not begin
    end
  end
end
