# frozen_string_literal: true

module GitlabKube
  # What a server wrote, kept in this process only: no inspect, dump, JSON or YAML has it.
  # @api private
  class Withheld
    # @param text [String, nil]
    def initialize(text)
      @text = text
    end

    # @return [String, nil]
    def unsafe_text
      @text
    end

    # @return [String]
    def inspect
      "[WITHHELD]"
    end
    alias to_s inspect

    def marshal_dump
      []
    end

    def marshal_load(_nothing)
      @text = nil
    end

    def encode_with(coder)
      coder.scalar = inspect
    end

    def as_json(*)
      nil
    end

    def to_json(*)
      "null"
    end
  end
end
