# frozen_string_literal: true

# Where a Resource keeps its fields: a table, and behind it a native node that decodes what is not in the table yet.

module GitlabKube
  class Resource
    # @api private
    module Storage
      protected

      # Whether nothing was decoded or written yet, so that the node can answer for the whole object in one call.
      def untouched?
        !@source.nil? && @table.empty?
      end

      # The fields, copied deeply; of a node, only what was decoded.
      def copies
        @table.transform_values { |value| copy(value) }
      end

      private

      def field_key(name)
        case name
        when String then name
        when Symbol then name.name
        else name.to_s
        end
      end

      def field_names
        @source ? @source.keys : @table.keys
      end

      # All of them, decoded, in the node's order.
      def fields
        @source ? @source.fields.to_h { |name, value| [name, @table.fetch(name) { decode(value) }] } : @table
      end

      # As if each had been read.
      def remember_all
        @table.merge!(fields.compact) if @source
      end

      # A null is not remembered: a program that probes for absent fields must not grow the table.
      def remember(key)
        return unless @source

        value = decode(@source.get(key))
        @table[key] = value unless value.nil?
        value
      end

      # Before the first change every field moves into the table, in the node's order; nested nodes stay as they are.
      def settle
        raise FrozenError.new("can't modify frozen #{self.class}", receiver: self) if frozen?
        return unless @source

        @table = fields
        @source = nil
      end

      # What the node answers, as a field holds it.
      def decode(value)
        case value
        when String, Numeric, true, false, nil then value
        when Array then value.map { |item| decode(item) }
        else self.class.from_source(value)
        end
      end

      # What a program assigns, as a field holds it. Resources are kept, not copied: they may be shared constants.
      def keep(value)
        return value if value.is_a?(Resource)
        return self.class.new(value) if value.respond_to?(:to_hash)

        value.respond_to?(:to_ary) ? value.to_ary.map { |item| keep(item) } : value
      end

      # A program may have pushed Hashes into an Array it read earlier.
      def tidy(array)
        return array if array.frozen? || array.none? { |item| Hash === item || Array === item } # rubocop:disable Style/CaseEquality

        array.map! { |item| item.is_a?(Array) ? tidy(item) : keep(item) }
      end

      def copy(value)
        case value
        when Resource then value.dup
        when Array then value.map { |item| copy(item) }
        else value
        end
      end
    end
  end
end
