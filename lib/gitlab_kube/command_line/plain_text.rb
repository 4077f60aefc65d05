# frozen_string_literal: true

# Text that a terminal only shows.

module GitlabKube
  class CommandLine
    # What a pod writes can move the cursor, set the clipboard or answer for the operator (CVE-2003-0063, CVE-2021-25743): on a
    # terminal no byte of it is a command.
    # @see https://www.ecma-international.org/publications-and-standards/standards/ecma-48/
    # @api private
    module PlainText
      # ECMA-48: control sequences (5.4), strings (5.6) with their end where there is one, and escapes (5.3, 5.5).
      SEQUENCES = %r{(?:\e\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\e[\]PX^_]|[\u0090\u0098\u009d-\u009f]).*?(?:\a|\e\\|\u009c|\z)|\e[ -/]*[0-~]}m
      # What is left of them, and what turns the reading direction around (CVE-2021-42574).
      CONTROLS = /[[:cntrl:]&&[^\t\n]]|[\u202a-\u202e\u2066-\u2069]/
      private_constant :SEQUENCES, :CONTROLS

      # @param text [String]
      # @return [String]
      def self.of(text)
        text.dup.force_encoding(Encoding::UTF_8).scrub.gsub(SEQUENCES, "").gsub(CONTROLS, "")
      end
    end
  end
end
