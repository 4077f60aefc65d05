# frozen_string_literal: true

module GitlabKube
  # What holds credentials: it prints as its class says, and is not written anywhere. ActiveSupport would make JSON, and Psych YAML, of
  # the instance variables of anything.
  # @api private
  module Confidential
    # @raise [TypeError] always
    def marshal_dump
      raise TypeError, "#{self.class} holds credentials and cannot be dumped"
    end

    # For YAML.
    # @raise [TypeError] always
    def encode_with(_coder)
      marshal_dump
    end

    # For ActiveSupport, whose loggers must not fail: the inspection.
    # @return [String]
    def as_json(*)
      inspect
    end

    # @return [String] the inspection, as a JSON String
    def to_json(*arguments)
      inspect.to_json(*arguments)
    end

    # For `pp`, which would print the members of a Struct whatever its inspection says.
    def pretty_print(printer)
      printer.text(inspect)
    end
  end
end
