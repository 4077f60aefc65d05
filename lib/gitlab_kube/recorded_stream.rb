# frozen_string_literal: true

# A stream whose whole body somebody wants to see, once its reader has.
module GitlabKube
  # Stands in for a {Native::Stream} while listeners of {Interceptor::Response#when_read} wait for its body. The reader gets each piece as
  # it comes; the listeners get all of them when the stream has ended, was cut, or was left by its reader. So a watch without an end can be
  # recorded too. What the reader did not take is not in the record.
  # @api private
  class RecordedStream
    # @param stream [Native::Stream]
    # @param listeners [Array<#call>]
    def initialize(stream, listeners)
      @stream = stream
      @listeners = listeners
      @body = String.new(encoding: Encoding::BINARY)
    end

    # @return [Array, nil] as of {Native::Stream}
    def event(idle)
      reading { @stream.event(idle)&.tap { |event| keep(event[2].json) } }
    end

    # @return [String, nil] as of {Native::Stream}
    def line
      reading { @stream.line&.tap { |line| keep(line) } }
    end

    # Any thread may close it. The listeners are called in the reader's, as those of any other answer are.
    # @return [void]
    def close
      @stream.close
      tell if @reader.nil? || @reader.equal?(Thread.current)
    end

    private

    def reading
      @reader = Thread.current
      piece = yield
    ensure
      tell unless piece
    end

    def keep(line)
      @body << line.b << "\n"
    end

    def tell
      listeners = @listeners
      @listeners = []
      listeners.each { |listener| listener.call(@body) }
    end
  end
end
