# frozen_string_literal: true

require "net/http"
require "puma"
require "puma/server"

# A real Puma on a free loopback port, in this process: one thread unless told otherwise.
class PumaServer
  attr_reader :port

  def initialize(app, threads: 1)
    options = { min_threads: threads, max_threads: threads, lowlevel_error_handler: ->(*) { [500, {}, ["broken"]] } }
    @server = new_server(app, options)
    @port = @server.add_tcp_listener("127.0.0.1", 0).addr[1]
    @server.run
  end

  def get(path)
    Net::HTTP.get_response("127.0.0.1", path, port)
  end

  def close
    @server.stop(true)
  end

  private

  # Puma 5 takes its events as the second argument, Puma 6 a log writer in the options.
  def new_server(app, options)
    return Puma::Server.new(app, Puma::Events.strings, options) unless defined?(Puma::LogWriter)

    Puma::Server.new(app, nil, options.merge(log_writer: Puma::LogWriter.strings))
  end
end
