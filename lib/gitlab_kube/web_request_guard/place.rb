# frozen_string_literal: true

require_relative "mark"

module GitlabKube
  class WebRequestGuard
    # Where a mark is kept, so that all code that runs for a request finds it, and no other code does.
    #
    # 1. The thread: a thread answers one request at a time, and all its fibers work for that one. Not where a fiber scheduler runs:
    #    there, one thread answers many.
    # 2. Fiber storage (Ruby 3.2): a fiber or thread begins with its maker's.
    # 3. The fiber's own variable (Ruby 3.1): ActionController::Live copies these to the thread that runs the action.
    # @api private
    module Place
      KEY = :gitlab_kube_web_request
      STORAGE = Fiber.respond_to?(:[])
      OUTSIDE = Mark.new(nil, 0).tap(&:close)
      private_constant :STORAGE, :OUTSIDE

      class << self
        # @return [Mark, nil] of the request this code runs for
        def mark
          mark = Thread.current.thread_variable_get(KEY) if threaded?
          mark = from_maker unless mark&.open? || mark.equal?(OUTSIDE)
          mark if mark&.open?
        end

        # @return [void]
        def enter(mark)
          # A server that never closed the body of this thread's last request is done with it all the same.
          previous = Thread.current.thread_variable_get(KEY) if threaded?
          previous&.close
          put(mark)
        end

        # @return [void]
        def leave(mark)
          mark.close
          clear if threaded? && Thread.current.thread_variable_get(KEY).equal?(mark)
        end

        # @return [void]
        def clear
          put(nil)
        end

        # Runs the block, and what it starts, as if there were no request.
        def without_mark
          before = mark
          put(OUTSIDE)
          yield
        ensure
          put(before)
        end

        private

        def threaded?
          Fiber.scheduler.nil?
        end

        def from_maker
          STORAGE ? Fiber[KEY] : Thread.current[KEY]
        end

        def put(mark)
          Thread.current.thread_variable_set(KEY, mark) if threaded?
          STORAGE ? Fiber[KEY] = mark : Thread.current[KEY] = mark
        end
      end
    end
  end
end
