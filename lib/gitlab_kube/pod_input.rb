# frozen_string_literal: true

module GitlabKube
  # Writing to what runs in a pod: a command's standard input, a port's connection. What includes it has a Native::Session.
  module PodInput
    # Waits until the network has taken the bytes.
    # @param strings [Array<#to_s>]
    # @return [Integer] bytes
    # @raise [CancelledError] when the session is over
    # @raise [StreamCutError] when it turns out that the other end is gone: a command that has ended reads no more
    # @example
    #   session.write("ls\n")
    def write(*strings)
      strings.sum do |string|
        bytes = string.to_s
        @native.write(bytes)
        bytes.bytesize
      end
    end

    # @param string [#to_s]
    # @return [PodInput] itself
    # @raise [CancelledError, StreamCutError] as `write` does
    # @example
    #   session << "ls\n" << "exit\n"
    def <<(string)
      write(string)
      self
    end

    # @return [String] nothing of what was said
    def inspect
      "#<#{self.class}>"
    end
  end
end
