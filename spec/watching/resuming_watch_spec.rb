# frozen_string_literal: true

require "gitlab_kube"
require_relative "../support/kube_server"
require_relative "../support/watch_script"

RSpec.describe GitlabKube::ResumingWatch do
  include WatchScript

  let(:opened) { server.seen.map(&:path).grep(/watch=true/) }
  let(:server) { scripted(*script) }
  let(:client) { KubeServer.client(server) }

  after { server.stop }

  # Names and types, until `count` notices have come.
  def read(count, **options)
    notices = []
    client.watch_pods(resume: true, **{ resource_version: "1" }.merge(options)) do |notice|
      notices << [notice.type, notice.object.metadata&.name]
      break if notices.size == count
    end
    notices
  end

  shared_examples "goes on from the last version" do
    it "goes on from the last version, and tells nothing twice" do
      expect(read(3)).to eq([%w[ADDED a], %w[MODIFIED a], %w[ADDED b]])
      expect(opened.map { |path| path[/resourceVersion=(\d+)/, 1] }).to eq(versions)
    end
  end

  let(:versions) { %w[1 12] }
  let(:before) { event("ADDED", "a", 11) + event("MODIFIED", "a", 12) }
  let(:rest) { stays(event("ADDED", "b", 13)) }

  context "when the server ends the watch" do
    let(:script) { [ends(before), rest] }

    it_behaves_like "goes on from the last version"
  end

  context "when the connection is cut in the middle of a line" do
    let(:script) { [cuts(before + event("ADDED", "b", 13)[0, 20]), rest] }

    it_behaves_like "goes on from the last version"
  end

  context "when the server ends the answer in the middle of a line" do
    let(:script) { [ends(before + event("ADDED", "b", 13)[0, 20]), rest] }

    it_behaves_like "goes on from the last version"
  end

  context "when the connection is reset" do
    let(:script) { [resets(before), rest] }

    it_behaves_like "goes on from the last version"
  end

  context "when the next opening is answered with 504" do
    let(:script) { [ends(before), refuses(504), rest] }
    let(:versions) { %w[1 12 12] }

    it_behaves_like "goes on from the last version"
  end

  context "when the server asks for patience in the stream" do
    let(:script) { [ends(before + error(429)), rest] }

    it_behaves_like "goes on from the last version"
  end

  context "when it is asked to begin with events" do
    let(:script) { [rest] }

    it "refuses: each reconnect would tell all there is again" do
      expect { read(1, send_initial_events: true) }.to raise_error(GitlabKube::InvalidArgumentError, /send_initial_events/)
      expect(opened).to be_empty
    end
  end

  context "when the server falls silent" do
    # Answers by version: a slow machine may find that a watch which has just begun is silent, too, and then asks for the same again.
    let(:server) { KubeServer.start { |request| request.path.include?("resourceVersion=12") ? rest : stays(before) } }
    let(:connections) { server.seen.select { |request| request.path.include?("watch=true") }.map(&:connection) }

    it "takes it for dead after `idle`, and goes on" do
      expect(read(3, idle: 0.5)).to eq([%w[ADDED a], %w[MODIFIED a], %w[ADDED b]])
      expect(connections).to eq(connections.uniq), "a silent one was used again"
      expect(connections.size).to be > 1
    end
  end

  context "with bookmarks" do
    let(:script) { [ends(event("BOOKMARK", nil, 40)), stays(event("ADDED", "b", 41))] }

    it "asks for them, goes on from them, and keeps them to itself" do
      expect(read(1)).to eq([%w[ADDED b]])
      expect(opened).to all(include("allowWatchBookmarks=true"))
      expect(opened.last).to include("resourceVersion=40")
    end

    it "passes them on when asked to" do
      expect(read(2, allow_watch_bookmarks: true)).to eq([["BOOKMARK", nil], %w[ADDED b]])
    end
  end

  context "when the server wants to be left alone for a second" do
    let(:script) { [ends(before), refuses(429, "retry-after" => "1"), rest] }

    it "waits that long" do
      started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      read(3)
      expect(Process.clock_gettime(Process::CLOCK_MONOTONIC) - started).to be >= 1
    end
  end

  context "when the stream says that the version is too old" do
    let(:script) { [ends(before + error(410))] }

    it("raises GoneError") { expect { read(3) }.to raise_error(GitlabKube::GoneError) { |e| expect(e.error_code).to eq(410) } }
  end

  context "when the status says that the version is too old" do
    let(:script) { [ends(before), refuses(410)] }

    it("raises GoneError") { expect { read(3) }.to raise_error(GitlabKube::GoneError) }
  end

  context "when it may no longer watch" do
    let(:script) { [ends(before), refuses(403)] }

    it("raises ForbiddenError") { expect { read(3) }.to raise_error(GitlabKube::ForbiddenError) }
  end

  context "without a version" do
    let(:script) { [rest] }

    it "begins with what there is, and goes on from the list's version" do
      expect(read(2, resource_version: nil)).to eq([%w[ADDED listed], %w[ADDED b]])
      expect(opened.map { |path| path[/resourceVersion=(\d+)/, 1] }).to eq(%w[10])
    end

    it "gives what there is in the format that was asked for" do
      first = ->(as) { client.watch_pods(resume: true, as: as) { |notice| break notice } }
      expect(first.call(:parsed)).to eq("type" => "ADDED", "object" => listed)
      expect(JSON.parse(first.call(:raw))).to eq("type" => "ADDED", "object" => listed)
      expect(first.call(:parsed_symbolized).dig(:object, :metadata, :name)).to eq("listed")
    end
  end

  context "with an interceptor" do
    let(:script) { [ends(before), rest] }

    after { GitlabKube.interceptor = nil }

    it "shows it each connection, in the reader's thread" do
      seen = []
      GitlabKube.interceptor = lambda do |request, &send|
        ours = request.url.start_with?(server.url) # not a watch that an earlier example left
        seen << [request.url[/resourceVersion=(\d+)/, 1], Thread.current] if ours && request.stream
        send.call
      end
      read(3)
      expect(seen).to eq([["1", Thread.current], ["12", Thread.current]])
    end
  end

  context "when the reader raises what a connection could" do
    let(:script) { [ends(before), rest] }

    it "does not take it for an ending" do
      expect { client.watch_pods(resume: true, resource_version: "1") { raise GitlabKube::StreamCutError.new(nil, "mine") } }
        .to raise_error(GitlabKube::StreamCutError, "mine")
      expect(opened.size).to eq(1)
    end
  end

  context "when another thread finishes it" do
    let(:script) { [refuses(503, "retry-after" => "60")] * 2 }

    it "ends, also while it waits for the next try" do
      watch = client.watch_pods(resume: true, resource_version: "1")
      reader = Thread.new { watch.to_a }
      sleep 0.01 until server.seen.map(&:path).grep(/watch=true/).any?
      watch.finish
      expect(reader.join(20)).to be(reader)
    end
  end

  context "without resume" do
    let(:script) { [cuts("#{before}{")] }

    it "raises when it was cut" do
      expect { client.watch_pods.to_a }.to raise_error(GitlabKube::StreamCutError)
    end

    context "with a silent server" do
      let(:script) { [stays(before)] }

      it "raises TimeoutError after `idle`" do
        expect { client.watch_pods(idle: 0.3) { nil } }.to raise_error(GitlabKube::TimeoutError)
      end
    end
  end
end
