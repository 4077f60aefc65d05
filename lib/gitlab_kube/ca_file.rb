# frozen_string_literal: true

module GitlabKube
  # A file with a certificate authority, and whether it has been replaced: Kubernetes does so in its pods, as it does with tokens.
  # @api private
  class CaFile
    # @param path [String]
    def initialize(path)
      @path = path
    end

    # @return [String] PEM
    # @raise [InvalidArgumentError]
    def read
      seen = stamp
      File.read(@path).tap { @stamp = seen }
    rescue SystemCallError
      raise InvalidArgumentError, "the ca_file cannot be read", cause: nil
    end

    # Whether it is another than it was when it was read. While there is none, or nobody has read it, it is what it was.
    # @return [Boolean]
    def replaced?
      now = stamp if @stamp
      !now.nil? && now != @stamp
    end

    private

    def stamp
      stat = File.stat(@path)
      [stat.ino, stat.size, stat.mtime]
    rescue SystemCallError
      nil
    end
  end
end
