# frozen_string_literal: true

# How a field of a kubeconfig is read: text, base64, or a file where the kubeconfig is trusted.

module GitlabKube
  module Kubeconfig
    # The fields of one entry. What is wrong with one is said by its name, never by its value.
    # @api private
    class Reading
      include Confidential

      # @param entry [Source::Entry]
      # @param trusted [Boolean]
      def initialize(entry, trusted)
        @data = entry.data
        @directory = entry.directory
        @trusted = trusted
      end

      # @return [Object, nil]
      def [](field)
        @data[field]
      end

      # @return [String, nil] nil where it is empty, as kubectl has it
      def text(field)
        value = @data[field]
        return if value.nil? || value == ""

        text?(value) ? value : raise(InvalidArgumentError, "the kubeconfig's #{field} is not text")
      end

      # @return [Array<String>, nil]
      def texts(field)
        value = @data[field]
        value if value.nil? || texts?(value) || raise(InvalidArgumentError, "the kubeconfig's #{field} is not a list of texts")
      end

      # @return [Hash{String => Array<String>}, nil]
      def lists(field)
        value = @data[field] or return
        return value if value.is_a?(Hash) && value.all? { |key, list| text?(key) && texts?(list) }

        raise InvalidArgumentError, "the kubeconfig's #{field} is not lists of texts by name"
      end

      # What stands in `<field>-data`, or in the file that `<field>` names: data goes first, as in kubectl.
      # @return [String, nil]
      def pem(field)
        inline = text("#{field}-data")
        return inline.gsub(/\s/, "").unpack1("m0") if inline

        path = path(field)
        path && File.binread(path)
      rescue ArgumentError => e
        raise if e.is_a?(GitlabKube::Error)

        raise InvalidArgumentError, "the kubeconfig's #{field}-data is not base64", cause: nil
      rescue SystemCallError
        raise InvalidArgumentError, "the kubeconfig's #{field} cannot be read", cause: nil
      end

      # @return [String, nil] the file that the field names
      # @raise [InvalidArgumentError] where the kubeconfig is not trusted to name files
      def path(field)
        name = text(field) or return
        trusted!(field)
        File.expand_path(name, @directory || Dir.pwd)
      end

      # @raise [InvalidArgumentError]
      def trusted!(field)
        return if @trusted

        raise InvalidArgumentError, "the kubeconfig has #{field}: that is for a kubeconfig of the operator's own (trusted: true) only"
      end

      # @return [String, nil] what relative commands start from
      attr_reader :directory

      # @return [String] no values
      def inspect
        "#<#{self.class}>"
      end

      private

      # YAML has bytes too: `!binary`.
      def text?(value)
        value.is_a?(String) && value.encoding == Encoding::UTF_8 && value.valid_encoding?
      end

      def texts?(value)
        value.is_a?(Array) && value.all? { |one| text?(one) }
      end
    end
  end
end
