# frozen_string_literal: true

module GitlabKube
  module ReactiveCaching
    # Values that nobody can change, decoded once for all readers in this process: the latest of each life of a key.
    #
    # A life is eight random bytes, so no two keys meet here, and a value that was cleared is asked for by nobody.
    # @api private
    module Decoded
      # What all values may have together: their bytes as stored, and a guess at what one costs beside them.
      CAPACITY = 8 << 20
      OVERHEAD = 512
      Kept = Struct.new(:header, :weight, :value)
      private_constant :Kept

      @kept = {}
      @weight = 0
      @lock = Mutex.new

      class << self
        # @param header [String] says which computation of which life the value is of
        # @param life [String]
        # @param bytesize [Integer] as it is stored
        # @return [Object] the value; what the block returns is kept
        def fetch(header, life, bytesize)
          kept = @kept[life]
          return kept.value if kept && kept.header == header

          yield.tap { |value| keep(life, Kept.new(header, bytesize + OVERHEAD, value)) }
        end

        # @return [Integer] what is kept weighs this much
        attr_reader :weight

        private

        # The one longest unchanged goes first.
        def keep(life, one)
          @lock.synchronize do
            former = @kept.delete(life)
            @kept[life] = one
            @weight += one.weight - (former ? former.weight : 0)
            @weight -= @kept.shift.last.weight while @weight > CAPACITY && @kept.any?
          end
        end
      end
    end
  end
end
