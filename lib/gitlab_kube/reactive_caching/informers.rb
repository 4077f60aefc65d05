# frozen_string_literal: true

require_relative "../clock"
require_relative "../errors"

module GitlabKube
  module ReactiveCaching
    # What one value is computed from where the source is `:watch`: the informers its record names, together.
    # @api private
    class Informers
      # Seconds between two looks at informers that have not read everything yet.
      PATIENCE = 0.1

      # Reads everything once, for one computation, and lets go again.
      # @yieldparam informers [Informers]
      # @return what the block returns
      # @raise [StandardError] why the cluster could not be read
      # @raise [TimeoutError] where it took longer than a lease
      def self.once(record, args)
        informers = new(record, args).start
        give_up = Clock.now + record.class.reactive_cache_lease_timeout.to_f
        until informers.wait_until_synced(PATIENCE)
          error = informers.error
          raise error if error
          raise TimeoutError.new(nil, "timed out reading what a reactive cache watches") if Clock.now > give_up
        end
        yield informers
      ensure
        informers&.stop
      end

      # @raise [ArgumentError] for a record that names none
      def initialize(record, args)
        @by_name = record.send(:reactive_cache_informers, *args)
        return if @by_name.is_a?(Hash) && @by_name.any? && @by_name.each_value.all? { |informer| informer.is_a?(Informer) }

        raise ArgumentError, "#{record.class.name}#reactive_cache_informers is a Hash of one or more informers"
      end

      # @yield in an informer's thread, when something has changed
      # @return [self]
      def start(&changed)
        all { |informer| informer.subscribe { changed.call } } if changed
        all(&:start)
        self
      end

      # @param seconds [Numeric] for each informer
      # @return [Boolean] whether everything was read once
      def wait_until_synced(seconds)
        @by_name.each_value.all? { |informer| informer.wait_until_synced(seconds) }
      end

      # @return [StandardError, nil] why one of them has no connection just now
      def error
        @by_name.each_value.filter_map(&:last_error).first
      end

      # @return [Object] what the record makes of them; it gets those its method names, so one that names none computes as ever
      def compute(record, args)
        record.send(:calculate_reactive_cache, *args, **asked_for(record.method(:calculate_reactive_cache).parameters))
      end

      # @return [void]
      def stop
        all(&:stop)
      end

      private

      def all(&block)
        @by_name.each_value(&block)
      end

      def asked_for(parameters)
        return @by_name if parameters.any? { |kind, _| kind == :keyrest }

        @by_name.slice(*parameters.filter_map { |kind, name| name if %i[key keyreq].include?(kind) })
      end
    end
  end
end
