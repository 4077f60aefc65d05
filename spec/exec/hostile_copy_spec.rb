# frozen_string_literal: true

require "gitlab_kube"
require "rubygems/package"
require "tmpdir"
require_relative "../support/web_socket_server"

RSpec.describe GitlabKube::PodCopy do
  around { |example| Dir.mktmpdir { |directory| Dir.chdir(directory) { example.run } } }

  after { @server&.stop }

  # What a container says that `tar` packed.
  def serve(archive)
    @server = WebSocketServer.start do |socket|
      archive.scan(/.{1,1000}/mn) { |piece| socket.write(WebSocketServer.message(1, piece)) }
      socket.write(WebSocketServer.message(3, '{"status":"Success"}'))
    end
  end

  def tar
    io = StringIO.new(String.new(encoding: Encoding::BINARY))
    yield Gem::Package::TarWriter.new(io)
    "#{io.string}#{"\0" * 1024}"
  end

  # An entry of any type, which the writer of RubyGems does not know.
  def entry(typeflag, name, content = "", linkname: "")
    fields = { name: name, mode: 0o644, size: content.bytesize, prefix: "", typeflag: typeflag, linkname: linkname, mtime: 0 }
    "#{Gem::Package::TarHeader.new(fields)}#{content}#{"\0" * (-content.bytesize % 512)}"
  end

  def copy(**options)
    KubeServer.client(@server).core_client.copy_from_pod("web", "shop", "/data/tree", "back", **options)
  end

  def everything
    Dir.glob("**/*", File::FNM_DOTMATCH).reject { |path| File.basename(path) == "." }.sort
  end

  {
    "that goes up" => "tree/../../evil",
    "that goes up in its middle" => "tree/a/../../evil",
    "that is absolute" => "/etc/evil",
    "that is somebody else's" => "other/evil",
    "that begins like what was asked for" => "trees",
    "with an empty segment" => "tree//evil"
  }.each do |what, name|
    it "refuses a name #{what}, short or long, and writes nothing" do
      [tar { |t| t.add_file_simple(name, 0o644, 1) { |io| io.write("x") } },
       entry("L", "././@LongLink", "#{name}\0") + entry("0", "tree", "x"),
       entry("x", "pax", "#{name.bytesize + 9} path=#{name}\n") + entry("0", "tree", "x")].each do |archive|
        serve(archive)
        expect { copy }.to raise_error(GitlabKube::InvalidResponseError) { |e| expect(e.full_message).not_to include("evil") }
        expect(everything).to eq([])
        @server.stop
      end
    end
  end

  it "leaves links out, so that nothing can be written through them" do
    serve(entry("5", "tree/") + entry("2", "tree/out", linkname: "/tmp") + entry("1", "tree/hard", linkname: "/etc/passwd") +
          entry("0", "tree/out/file", "x") + ("\0" * 1024))
    copy
    expect(everything).to eq(%w[back back/out back/out/file])
  end

  it "does not follow links that are there already" do
    Dir.mkdir("elsewhere")
    Dir.mkdir("back")
    File.symlink("../elsewhere", "back/out")
    File.symlink("../elsewhere/file", "back/file")
    serve(entry("0", "tree/out/file", "x"))
    expect { copy }.to raise_error(GitlabKube::InvalidResponseError)
    @server.stop
    serve(entry("0", "tree/file", "x"))
    expect { copy }.to raise_error(Errno::ELOOP)
    expect(Dir.children("elsewhere")).to eq([])
  end

  {
    "words" => "MARKER is not a tar archive\n" * 40,
    "an archive that ends in the middle" => "cut"
  }.each do |what, archive|
    it "raises InvalidResponseError for #{what}" do
      serve(archive == "cut" ? entry("0", "tree", "x" * 2000)[0, 1500] : archive)
      expect { copy }.to raise_error(GitlabKube::InvalidResponseError) { |e| expect(e.full_message).not_to include("MARKER") }
    end
  end

  {
    "a file where a directory is" => ["tree/", "tree/MARKER/", "tree/MARKER"],
    "a directory where a file is" => ["tree/", "tree/MARKER", "tree/MARKER/file"],
    "a name that no file system has" => ["tree/", "tree/MARKER\e[31m#{'a' * 300}"]
  }.each do |what, names|
    it "says of #{what} what the system says, without the name" do
      serve(names.map { |name| entry("L", "././@LongLink", "#{name}\0") + entry(name.end_with?("/") ? "5" : "0", "tree") }.join)
      expect { copy }.to raise_error(SystemCallError) { |e| expect(e.full_message).not_to include("MARKER") }
    end
  end

  it "quotes nothing of a header that has no numbers where numbers belong" do
    serve(entry("0", "tree", "x").tap { |archive| archive[100, 6] = "MARKER" })
    expect { copy }.to raise_error(GitlabKube::InvalidResponseError) { |e| expect(e.full_message).not_to include("MARKER") }
  end

  it "writes no more than it may, be it in small files" do
    serve((1..100).map { |i| entry("0", "tree/#{i}", "") }.join)
    expect { copy(limit: 10 * 512) }.to raise_error(GitlabKube::DecodedBytesLimitError)
    expect(Dir.children("back").size).to eq(10)
  end

  it "refuses paths in the container that name nothing" do
    serve("")
    core = KubeServer.client(@server).core_client
    ["/", ".", "..", "/data/..", "", "a\0b"].each do |path|
      expect { core.copy_from_pod("web", "shop", path, "back") }.to raise_error(GitlabKube::InvalidArgumentError)
    end
    expect(@server.seen).to be_empty
  end
end
