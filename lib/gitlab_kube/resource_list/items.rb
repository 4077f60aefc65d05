# frozen_string_literal: true

# The items of a ResourceList: slots that are filled when touched, and Array's whole vocabulary on top.

module GitlabKube
  class ResourceList
    # Reading the items one by one, or all of them as an Array.
    module Items
      # @return [Integer] how many items; decodes none
      def size
        @items.size
      end
      alias length size

      # @return [Integer] all items, or those equal to the argument or accepted by the block
      def count(*arguments, &block)
        arguments.empty? && block.nil? ? size : super
      end

      # @return [Boolean]
      def empty?
        @items.empty?
      end

      # @yieldparam item [Resource]
      # @return [ResourceList, Enumerator]
      def each
        return to_enum(:each) { size } unless block_given?

        index = -1
        yield at(index) while (index += 1) < size
        self
      end

      # @param index [Integer]
      # @return [Resource, nil]
      def at(index)
        @items.at(index) || decode(index)
      end

      # @param position [Integer, Range] as for Array
      # @return [Resource, Array<Resource>, nil]
      # @example
      #   pods[0]
      #   pods[0, 10]
      def [](position, *length)
        position.is_a?(Integer) && length.empty? ? at(position) : to_a[position, *length]
      end
      alias slice []

      # @return [Resource, nil, Array<Resource>] the last item, or the last few
      def last(*count)
        count.empty? ? at(-1) : to_a.last(*count)
      end

      # @return [Array<Resource>] all items; a change to this Array is a change to the list
      def to_a
        return @items unless @source

        @items = Array.new(size) { |index| at(index) }
        @source = nil
        @items
      end
      alias entries to_a
      alias to_ary to_a

      # The native nodes, copied out one by one: keeping one does not keep the list.
      # @api private
      # @return [Array<Native::Node>]
      def detached_nodes
        Array.new(size) { |index| @source.item(index).detach }
      end

      # @return [ResourceList] the same list; nothing can be added, removed or replaced any more
      def freeze
        to_a.freeze
        super
      end

      protected

      # Whether no item was decoded yet, so that the node can answer for all of them in one call.
      def untouched?
        !@source.nil? && @items.none?
      end

      private

      def lazily(source)
        @source = source
      end

      def decode(index)
        index += size if index.negative?
        return unless @source && index.between?(0, size - 1)

        node = @source.item(index)
        @items[index] = node.kind == :object ? Resource.from_source(node) : node.to_hash_value
      end

      # The items as plain Ruby, some at a time: between two times other threads have their turn.
      def plain_items
        plain = []
        plain.concat(@source.values(plain.size)) while plain.size < size
        plain
      end

      # The items' own bytes.
      def raw_items
        Array.new(size) { |index| @source.item(index).json }
      end

      def initialize_copy(original)
        super
        @items = original.untouched? ? Array.new(original.size) : original.to_a.dup
        @source = nil unless original.untouched?
      end

      def respond_to_missing?(name, include_private = false)
        Array.public_method_defined?(name) || super
      end

      def method_missing(name, *arguments, **keywords, &block)
        return super unless Array.public_method_defined?(name)

        to_a.public_send(name, *arguments, **keywords, &block)
      end
    end
  end
end
