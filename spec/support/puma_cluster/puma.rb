# frozen_string_literal: true

# A worker that ends answers whom it has accepted. With its queue, Puma's default, it closes a connection whose request has not come
# yet: of a client that was slow to write, nobody's fault, and here not told from a worker that crashed.
queue_requests false
