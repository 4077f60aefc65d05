# frozen_string_literal: true

require "rubygems"
require "rubygems/package"

module GitlabKube
  # A container could not pack or unpack what was copied.
  class CopyError < StandardError
    include Error
  end

  module Archive
    # Unpacks an archive that nobody vouches for: below one path, and nowhere else (CVE-2018-1002100, CVE-2019-1002101 of kubectl cp).
    class Extraction
      PIECE = 256 << 10
      # Paths longer than any file system has are not collected.
      LONGEST_NAME = 4096
      # What an archive that ends too early raises: an error of RubyGems' own in Ruby 3.1, EOFError since.
      TRUNCATED = [EOFError, *(Gem::Package::TarReader::UnexpectedEOF if Gem::Package::TarReader.const_defined?(:UnexpectedEOF))].freeze
      private_constant :TRUNCATED

      # @param name [String] the first segment that every entry must have
      # @param destination [String] what stands for it on this machine
      # @param limit [Integer] bytes of all files, and 512 for each entry
      def initialize(name, destination, limit)
        @name = name
        exists = File.exist?(destination)
        there = exists ? File.realpath(destination) : File.join(File.realpath(File.dirname(destination)), File.basename(destination))
        @destination = there.b
        @left = limit
      end

      # @param input [#read, #pos, #eof?]
      # @return [void]
      # @raise [InvalidResponseError]
      def call(input)
        Gem::Package::TarReader.new(input).each { |entry| extract(entry) }
      rescue Gem::Package::Error, *TRUNCATED, ArgumentError => e
        raise if e.is_a?(Error)

        raise InvalidResponseError.new(nil, "what the container sent is not a tar archive"), cause: nil # it may quote the archive
      end

      private

      # GNU tar and busybox put a long name into an entry of its own, POSIX tar into a header of `length key=value` lines.
      def extract(entry)
        count(512 + entry.header.size)
        case entry.header.typeflag
        when "L" then @long_name = name_in(entry).delete("\0")
        when "x" then @long_name = name_in(entry)[/^\d+ path=(.*)$/, 1]
        when "g" then nil
        else
          put(entry, path_of(@long_name || entry.full_name))
          @long_name = nil
        end
      end

      def name_in(entry)
        refuse if entry.header.size > LONGEST_NAME
        entry.read.to_s
      end

      def path_of(name)
        first, *rest = name.b.split("/")
        refuse if first != @name.b || rest.intersect?(["", ".", ".."]) || name.include?("\0")

        File.join(@destination, *rest)
      end

      # What the system says of a failure has the path in it, which the container chose.
      def put(entry, path)
        case entry.header.typeflag
        when "5" then make_directory(path)
        when "0", "\0", "", "7" then write(entry, path)
        end
      rescue SystemCallError => e
        raise if e.is_a?(Error)

        raise SystemCallError.new("an entry of the archive", e.errno), cause: nil
      end

      # A link that was there before leads nowhere.
      def make_directory(path)
        make_directory(File.dirname(path)) unless path == @destination
        refuse if File.symlink?(path)
        Dir.mkdir(path) unless File.directory?(path)
      end

      def write(entry, path)
        make_directory(File.dirname(path)) unless path == @destination
        mode = entry.header.mode.anybits?(0o111) ? 0o777 : 0o666
        File.open(path, File::WRONLY | File::CREAT | File::TRUNC | File::NOFOLLOW | File::BINARY, mode) do |file|
          while (piece = entry.read(PIECE))
            file.write(piece)
          end
        end
      end

      def count(bytes)
        @left -= bytes
        raise DecodedBytesLimitError.new(nil, "the container sent more than may be written") if @left.negative?
      end

      def refuse
        raise InvalidResponseError.new(nil, "the container sent an entry that lies outside of what was asked for")
      end
    end
  end
end
