# frozen_string_literal: true

require "find"
require "rubygems"
require "rubygems/package"

module GitlabKube
  module Archive
    # Writes a file, or a directory and all in it, as a tar archive.
    class Packing
      PIECE = 256 << 10

      # @param source [String] a path on this machine
      # @param name [String] what it is called in the archive
      # @raise [Errno::ENOENT]
      def initialize(source, name)
        @source = File.realpath(source)
        @name = name
      end

      # @param output [#write]
      # @return [void]
      def call(output)
        tar = Gem::Package::TarWriter.new(output)
        Find.find(@source) { |path| add(tar, path, @name + path.delete_prefix(@source)) }
        output.write("\0" * 1024) # the end of an archive (POSIX ustar)
      rescue Gem::Package::TooLongFileName
        raise InvalidArgumentError, "a path is too long for a tar archive"
      end

      private

      def add(tar, path, name)
        stat = File.lstat(path)
        if stat.directory? then tar.mkdir(name, stat.mode & 0o777)
        elsif stat.file? then File.open(path, "rb") { |file| add_file(tar, file, name) }
        end
      end

      # Exactly as long as its header says, however the file grows meanwhile.
      def add_file(tar, file, name)
        left = file.size
        tar.add_file_simple(name, file.stat.mode & 0o777, left) do |entry|
          while left.positive? && (piece = file.read([PIECE, left].min))
            entry.write(piece)
            left -= piece.bytesize
          end
        end
      end
    end
  end
end
