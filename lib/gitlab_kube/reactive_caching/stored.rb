# frozen_string_literal: true

require_relative "../errors"
require_relative "decoded"
require_relative "documents"
require_relative "life"

module GitlabKube
  module ReactiveCaching
    # A value as it is stored: a format byte, the life it belongs to, when its computation began, and its bytes.
    #
    # Two versions of the gem share a cache during a rolling deploy: what this one cannot read is a miss, never an error.
    # @api private
    class Stored
      LAYOUT = "Ca8Q>"
      HEADER = 17
      DOCUMENT = 0x01
      MARSHAL = 0x02
      FROZEN = 0x03 # with Marshal, of a value that nobody can change
      FORMATS = [DOCUMENT, MARSHAL, FROZEN].freeze

      # @return [Stored] of `value`
      def self.of(value, life:, refreshed_at:)
        json = Documents.dump(value)
        header = [json ? DOCUMENT : marshal(value), life.id, (refreshed_at * 1_000_000).to_i].pack(LAYOUT)
        new(header << (json || Marshal.dump(value)))
      end

      def self.marshal(value)
        Ractor.shareable?(value) ? FROZEN : MARSHAL
      end
      private_class_method :marshal

      # @return [Stored, nil] nil for what this version cannot read, and for a value of another life
      def self.parse(bytes, life)
        return unless bytes.is_a?(String) && bytes.bytesize > HEADER && FORMATS.include?(bytes.getbyte(0))

        new(bytes) if bytes.byteslice(1, 8) == life.id
      end

      # @return [String] everything that is stored
      attr_reader :bytes

      def initialize(bytes)
        @bytes = bytes
      end

      # @return [Float] when its computation began, in seconds since the epoch
      def refreshed_at
        bytes.unpack1("Q>", offset: 9) / 1_000_000.0
      end

      # @return [Integer] the bytes of the value alone
      def bytesize
        bytes.bytesize - HEADER
      end

      # @return [Object, nil] nil also for a value whose class this version does not have
      def value
        case bytes.getbyte(0)
        when DOCUMENT then Documents.load(payload)
        when FROZEN then Decoded.fetch(bytes.byteslice(0, HEADER), bytes.byteslice(1, 8), bytesize) { Ractor.make_shareable(load) }
        else load
        end
      rescue Ractor::Error # a class whose objects are frozen when they are made, and not when they are loaded
        load
      rescue ArgumentError, TypeError, NameError, Error
        nil
      end

      # @return [Boolean] whether the other holds an equal value
      def same_value?(other)
        payload == other.payload || value == other.value
      end

      protected

      def payload
        bytes.byteslice(HEADER, bytes.bytesize)
      end

      private

      def load
        Marshal.load(payload) # rubocop:disable Security/MarshalLoad -- as Rails.cache does; who can write there has won already
      end
    end
  end
end
