# frozen_string_literal: true

# `error_messages: :raw`, for programs that read what the server said in an error's message.
module Kubeclient
  # A connection whose errors say what the server said. Whoever chooses it must not log, store or show those messages unless the server is
  # trusted: a message of an attacker's server is the attacker's.
  # @api private
  class ServerWords < Redirects
    def call(request)
      aloud { super }
    end

    def catalog(group, version)
      aloud { super }
    end

    private

    def aloud
      yield
    rescue HttpError => e
      words = e.unsafe_server_message or raise
      raise e.class.new(e.error_code, words, e.response).facts(
        reason: e.reason, retry_after: e.retry_after, outcome_unknown: e.outcome_unknown?, server_message: words
      ), cause: nil
    end
  end
end
