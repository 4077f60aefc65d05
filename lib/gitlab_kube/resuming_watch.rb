# frozen_string_literal: true

require_relative "backoff"
require_relative "watch_stream"

module GitlabKube
  # A watch that goes on: after the server ended it or the connection was cut, it asks for what came after the last event. Nothing
  # is missed and nothing is told twice. Ends with {#finish}, with `break`, or with an error that will not pass.
  #
  # A version that the server no longer knows raises {GoneError}: what happened since is lost, and the caller must list anew.
  class ResumingWatch < WatchStream
    # Seconds of silence after which a server is taken for dead. It sends a bookmark every minute or so.
    IDLE = 300

    # @param format [#call] turns `(event tuple)` into a notice
    # @param version [String] where it begins
    # @param first [Enumerable] notices to begin with
    # @param bookmarks [Boolean] whether the reader wants BOOKMARK notices
    # @param idle [Numeric, nil] seconds of silence after which the connection is given up
    # @param on_state [#call, nil] is told nil when a connection stands, and the error when it was lost
    # @yieldparam version [String]
    # @yieldreturn [Native::Stream] opens a connection
    # @api private
    def initialize(format, version:, first: [], bookmarks: false, idle: IDLE, on_state: nil, &open)
      super(format, idle: idle, &open)
      @version = version
      @first = first
      @bookmarks = bookmarks
      @on_state = on_state
      @backoff = Backoff.new
      @changed = ConditionVariable.new
    end

    # @yieldparam notice [Notice, Hash, String]
    # @return [nil, Enumerator] nil when {#finish} was called
    # @raise [GoneError] when the version it would go on from is too old
    # @raise [HttpError] for what does not pass: 401, 403, 404, …
    def each(&block)
      return to_enum(:each) unless block

      @first.each(&block)
      @first = []
      until @finished
        event = read or next
        yield @format.call(event) if @bookmarks || event.first != "BOOKMARK"
      end
    ensure
      finish if block
    end

    # An ERROR event is the Status of a refusal that came after the head of the answer.
    # @api private
    def self.refusal(code)
      return InvalidResponseError.new(nil, "the watch ended with an error that has no code") unless code&.between?(400, 599)

      Errors.build(:status, "the watch was ended by the server", { code: code })
    end

    # @return [void]
    def finish
      @lock.synchronize do
        @finished = true
        @stream&.close
        @changed.broadcast
      end
      nil
    end

    private

    # The next event; nil where there is none because a connection has ended. Nothing of the reader's block runs in here: its
    # exceptions are no endings.
    def read
      stream = @stream || open or return
      event = stream.event(@idle)
      event ? passed(event) : ended(nil)
    rescue StandardError => e
      ended(e)
    end

    def passed(event)
      type, _node, _document, version, code = event
      raise self.class.refusal(code) if type == "ERROR"

      @backoff.reset
      @version = version if version
      event
    end

    def open
      reopen { @open.call(@version) }&.tap { @on_state&.call(nil) }
    end

    # @return [nil]
    # @raise what does not pass
    def ended(error)
      leave
      return if @finished

      seconds = @backoff.after(error)
      @on_state&.call(error)
      raise error unless seconds

      @lock.synchronize { @changed.wait(@lock, seconds) unless @finished || seconds.zero? }
      nil
    end
  end
end
