# frozen_string_literal: true

module GitlabKube
  module ReactiveCaching
    # The class attributes of a class with a reactive cache; a subclass has its parent's until it says otherwise.
    module Settings
      # What a class has that says nothing. Times are in seconds (an ActiveSupport::Duration will do).
      DEFAULTS = {
        reactive_cache_key: ->(record) { [record.class.reactive_cache_singular, record.id] },
        reactive_cache_lease_timeout: 120,
        reactive_cache_refresh_interval: 60,
        reactive_cache_lifetime: 600,
        reactive_cache_hard_limit: nil,
        reactive_cache_work_type: nil,
        reactive_cache_worker_finder: nil,
        reactive_cache_source: :poll
      }.freeze

      # What `reactive_cache_source` may be.
      SOURCES = %i[poll watch].freeze

      (DEFAULTS.keys - %i[reactive_cache_source]).each do |name|
        variable = :"@#{name}"
        define_method(:"#{name}=") { |value| instance_variable_set(variable, value) }
        define_method(name) { reactive_cache_setting(name, variable) } unless name == :reactive_cache_worker_finder
      end

      # Where values come from: `:poll` computes at each interval; `:watch` computes when the cluster says that something changed, from
      # informers that {ReactiveCaching#reactive_cache_informers} names.
      # @param source [Symbol, nil] nil asks
      # @return [Symbol]
      # @raise [ArgumentError] for another source
      # @example
      #   reactive_cache_source :watch
      def reactive_cache_source(source = nil)
        source ? self.reactive_cache_source = source : reactive_cache_setting(:reactive_cache_source, :@reactive_cache_source)
      end

      # @param source [Symbol]
      # @raise [ArgumentError] for another source
      def reactive_cache_source=(source)
        SOURCES.include?(source) or raise ArgumentError, "a reactive_cache_source is one of #{SOURCES}"
        @reactive_cache_source = source
      end

      # @api private
      def reactive_cache_setting(name, variable)
        return instance_variable_get(variable) if instance_variable_defined?(variable)

        superclass.respond_to?(:reactive_cache_setting) ? superclass.reactive_cache_setting(name, variable) : DEFAULTS.fetch(name)
      end

      # ActiveModel's `model_name.singular`, also where there is no ActiveModel. Every read asks, so it is remembered.
      # @api private
      def reactive_cache_singular
        @reactive_cache_singular ||=
          if respond_to?(:model_name)
            model_name.singular
          else
            name or raise ArgumentError, "a class with a reactive cache needs a name"
            name.gsub("::", "_").gsub(/([a-z\d])([A-Z])/, '\1_\2').gsub(/([A-Z])([A-Z][a-z])/, '\1_\2').downcase
          end
      end

      # @return [#call] `(id, *args)` → the record, or nil when it is gone
      # @raise [ArgumentError] when the class neither names a finder nor has ActiveRecord's `find_by`
      # @example
      #   self.reactive_cache_worker_finder = ->(id, *_args) { CLUSTERS[id] }
      def reactive_cache_worker_finder
        finder = reactive_cache_setting(:reactive_cache_worker_finder, :@reactive_cache_worker_finder)
        return finder if finder
        raise ArgumentError, "#{name} needs a reactive_cache_worker_finder" unless respond_to?(:find_by)

        ->(id, *_args) { find_by(primary_key => id) }
      end
    end
  end
end
