# frozen_string_literal: true

# A path into an object that is Ruby already: the same grammar as src/wire/pluck/path.rs, which reads bytes.

require "strscan"
require_relative "../errors"
require_relative "../resource"

module GitlabKube
  class ResourceList
    # @api private
    class Path
      MEMBER = /[^.\[\]'"*\s]+/
      QUOTED = /\['([^']*)'\]|\["([^"]*)"\]/
      INDEX = /\[(\d{1,18})\]/
      EACH = /\[\*\]/
      private_constant :MEMBER, :QUOTED, :INDEX, :EACH

      # @param text [String]
      # @raise [InvalidArgumentError]
      def initialize(text)
        scanner = StringScanner.new(text)
        @steps = []
        @steps << (step(scanner) || refuse(text)) until scanner.eos?
        refuse(text) if @steps.empty? || @steps.size > 32
      end

      # @param item [Object]
      # @return [Object, nil]
      def of(item)
        follow(item, 0)
      end

      private

      def step(scanner)
        return scanner[1] || scanner[2] if scanner.skip(QUOTED)
        return Integer(scanner[1], 10) if scanner.skip(INDEX)
        return :each if scanner.skip(EACH)

        scanner.scan(MEMBER) if @steps.empty? || scanner.skip(/\./)
      end

      def refuse(text)
        raise InvalidArgumentError, "#{text.inspect} is not a path like metadata.labels['a.b'] or spec.containers[*].image"
      end

      def follow(value, index)
        return Resource::JsonValue.of(value) if index == @steps.size

        case step = @steps[index]
        when :each then value.map { |element| follow(element, index + 1) } if value.is_a?(Array)
        when Integer then follow(value[step], index + 1) if value.is_a?(Array)
        else follow(value[step], index + 1) if value.is_a?(Resource)
        end
      end
    end
  end
end
