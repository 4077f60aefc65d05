# frozen_string_literal: true

require_relative "clock"
require_relative "informer/index"
require_relative "informer/initial_events"
require_relative "informer/reflector"
require_relative "informer/store"
require_relative "informer/subscribers"

module GitlabKube
  # A copy of a collection in this process that keeps itself up to date: it lists, watches, and after a gap finds out what it missed.
  # Reading it costs no request. A server that is away leaves the last known state, and {#last_error}.
  #
  # Objects are shared by everybody who reads them: `dup` one before you change it. One that came with a list does not say its kind and
  # apiVersion, as items of lists do not.
  #
  # It belongs to the process that started it. A server that forks starts it in each worker.
  #
  # @example
  #   pods = client.core_client.informer("pods", namespace: "web")
  #   pods.add_index(:node) { |pod| pod.spec.nodeName }
  #   pods.subscribe { |type, pod, _former| puts "#{type} #{pod.metadata.name}" }
  #   pods.start.wait_until_synced(10)
  #   pods.get("web-1", "web")
  #   pods.by_index(:node, "node-1")
  #   pods.stop
  class Informer
    include Enumerable

    # @param client [SubClient]
    # @param resource [String] such as "pods"
    # @param namespace [String, nil] nil for all
    # @param idle [Numeric, nil] seconds of silence after which the server is taken for dead
    # @param send_initial_events [Boolean] whether to ask for what there is as events of the watch, in place of a list: for large
    #   collections, which a server then need not hold at once. One that cannot (before Kubernetes 1.32) is asked for a list
    # @param options [Hash]
    # @option options [Hash, String] :label_selector
    # @option options [Hash, String] :field_selector
    # @option options [Boolean] :metadata_only whether to keep each object's metadata only: far less to send and to hold
    # @raise [InvalidArgumentError] for any other option
    def initialize(client, resource, namespace: nil, idle: ResumingWatch::IDLE, send_initial_events: false, **options)
      unknown = options.keys - %i[label_selector field_selector metadata_only]
      raise InvalidArgumentError, "unknown option: #{unknown.join(', ')}" unless unknown.empty?

      @resource = resource
      @store = Store.new
      @subscribers = Subscribers.new
      reading = { idle: idle, send_initial_events: send_initial_events }
      @reflector = Reflector.new(client, resource, options.merge(namespace: namespace), **reading) { |*news| heard(*news) }
      @lock = Mutex.new
      @changed = ConditionVariable.new
    end

    # Begins, in a thread of its own.
    # @return [self]
    # @raise [CancelledError] in a forked child of the process that started it
    def start
      own
      @lock.synchronize do
        @pid ||= Process.pid
        @thread ||= @reflector.start.tap { |thread| thread.name = "gitlab_kube informer #{@resource}" }
      end
      self
    end

    # Ends the thread: a wait for the server is broken off, a subscriber comes to its end, unless it is who stops. What is known stays;
    # {#start} goes on with a list. Does nothing in a forked child: there is no thread.
    # @return [void]
    def stop
      return if @pid && @pid != Process.pid

      thread = @lock.synchronize { @thread.tap { @thread = nil } } or return
      thread.raise(Reflector::Stopped) if thread.alive?
      thread.join unless thread.equal?(Thread.current) || @subscribers.telling?
      nil
    end

    # @return [Boolean] whether the whole collection was read once
    def synced?
      own
      @synced ? true : false
    end

    # @param timeout [Numeric] seconds
    # @return [Boolean] whether the whole collection was read in that time
    def wait_until_synced(timeout)
      own
      give_up = Clock.now + timeout
      @lock.synchronize do
        until @synced
          left = give_up - Clock.now
          return false unless left.positive?

          @changed.wait(@lock, left)
        end
      end
      true
    end

    # @return [StandardError, nil] why the collection cannot be read or watched just now; nil while it can
    def last_error
      @reflector.last_error
    end

    # @param name [String]
    # @param namespace [String, nil] nil for objects without one
    # @return [Resource, nil]
    def get(name, namespace = nil)
      own
      @store.get(name, namespace)
    end

    # @return [Array<Resource>] all objects, in no order
    def list
      own
      @store.objects
    end

    # @yieldparam object [Resource]
    # @return [self, Enumerator]
    def each(&block)
      return to_enum(:each) { size } unless block

      list.each(&block)
      self
    end

    # @return [Integer]
    def size
      own
      @store.size
    end

    # @param name [Symbol]
    # @yieldparam object [Resource]
    # @yieldreturn [Object, Array, nil] one key, several, or none; computed once for each state of an object. Reading this informer
    #   in here is not possible
    # @return [self]
    def add_index(name, &keys)
      raise InvalidArgumentError, "an index needs a block" unless keys

      @store.add_index(name, &keys)
      self
    end

    # @param name [Symbol]
    # @return [Array<Resource>]
    # @raise [KeyError] for an index that was not added
    def by_index(name, key)
      own
      @store.by_index(name, key)
    end

    # Every object's last state is told, and every deletion once; states in between may be passed over after a gap. A newcomer is
    # first told, in this thread, ADDED for each object there is. After that the informer's thread calls the block, one change at a
    # time: a slow one holds up the others. What it raises is reported to `config.logger`, and the informer goes on.
    # @yieldparam type [String] ADDED, MODIFIED or DELETED
    # @yieldparam object [Resource] of a deletion that was missed, the last state that was seen
    # @yieldparam former [Resource, nil] the state before
    # @return [Proc] for {#unsubscribe}
    def subscribe(&block)
      raise InvalidArgumentError, "a subscriber needs a block" unless block

      own
      @subscribers.add(block) { @store.objects.map { |object| ["ADDED", object, nil] } }
      block
    end

    # @param block [Proc] as {#subscribe} returned it
    # @return [void]
    def unsubscribe(block)
      @subscribers.remove(block)
      nil
    end

    # @return [String] never an object
    def inspect
      "#<#{self.class} #{@resource}>"
    end
    alias to_s inspect

    private

    def heard(what, news)
      @subscribers.deliver do
        case what
        when :replace then @store.replace(news)
        when :put then @store.change(news)
        when :delete then @store.change(news, gone: true)
        end
      end
      synced if what == :replace
    end

    def synced
      @lock.synchronize do
        @synced = true
        @changed.broadcast
      end
    end

    # A child has the parent's memory and none of its threads: what it would read here is old and stays so.
    def own
      raise CancelledError, "this informer belongs to the parent process" if @pid && @pid != Process.pid
    end
  end
end
