# frozen_string_literal: true

# Real watches while WebMock looks on: they stay streams, callbacks and VCR included. (Its adapter for http.rb reads all of a body first.)
require "tmpdir"
require_relative "../webmock/ways"
require "vcr"

RSpec.describe "a real stream under WebMock" do
  let(:going_on) { Queue.new }
  # Says the first thing, and each further one when it is told to: a String, or nil for the end.
  let(:server) do
    RecordingServer.new { |_request| RecordingServer::Answer.new(raw: ["HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n#{first}", going_on]) }
  end
  let(:first) { event("first") }
  let(:client) { Kubeclient::Client.new(server.url, "v1", as: :parsed) }
  let(:told) { [] }

  before { WebMock.allow_net_connect! }

  after do
    WebMock.reset_callbacks
    VCR.turn_off!
    server.close
  end

  def event(said)
    Ways::WATCH.write.call(said)
  end

  def tell
    WebMock.after_request(real_requests_only: true) { |request, response| told << [request.uri.path, response.body, Thread.current] }
  end

  def watch
    client.watch_entities("pods").each { |notice| yield notice["object"]["said"] }
  end

  # The whole of a watch that goes on only once its first event was heard.
  def hear_all
    heard = []
    watch do |said|
      heard << said
      [event("second"), nil].each { |more| going_on << more } if said == "first"
    end
    heard
  end

  it "gives its first event while the server goes on" do
    expect(hear_all).to eq %w[first second]
  end

  it "gives its first event while the server goes on, to a callback's request too, which then sees all" do
    tell
    expect(hear_all).to eq %w[first second]
    expect(told).to eq [["/api/v1/watch/pods", event("first") + event("second"), Thread.current]]
  end

  it "tells a callback what was heard of a watch without an end, when its reader leaves it" do
    tell
    watch { break }
    expect(told).to eq [["/api/v1/watch/pods", event("first"), Thread.current]]
  end

  it "tells a callback in the reader's thread, whoever finished the watch" do
    tell
    stream = client.watch_entities("pods")
    heard = Queue.new
    reader = Thread.new { stream.each { |_notice| heard << true } }
    heard.pop
    stream.finish
    reader.join
    expect(told).to eq [["/api/v1/watch/pods", event("first"), reader]]
  end

  it "tells a callback of a watch that was cut, and raises" do
    tell
    going_on << '{"type":"ADD' << nil
    expect { watch { |_said| nil } }.to raise_error(GitlabKube::StreamCutError)
    expect(told.map { |row| row[1] }).to eq [event("first")]
  end

  it "tells a callback of a refused watch at once" do
    tell
    refusing = RecordingServer.new { |_request| RecordingServer::Answer.new(status: 403, body: "no") }
    expect { Kubeclient::Client.new(refusing.url).watch_entities("pods").first }.to raise_error(GitlabKube::ForbiddenError)
    expect(told.map { |row| row[1] }).to eq %w[no]
  ensure
    refusing.close
  end

  context "with lines of a log" do
    let(:first) { "one\n" }

    it "gives them as they come, and a callback sees all" do
      tell
      heard = []
      client.watch_pod_log("web", "place") do |line|
        heard << line
        ["two\n", nil].each { |more| going_on << more } if line == "one"
      end
      expect(heard).to eq %w[one two]
      expect(told.map { |row| row[1] }).to eq ["one\ntwo\n"]
    end
  end

  it "is recorded by VCR though it has no end, and played back with one" do
    Dir.mktmpdir do |directory|
      VCR.configure do |config|
        config.cassette_library_dir = directory
        config.hook_into :webmock
      end
      VCR.turn_on!

      VCR.use_cassette("watch") { watch { break } }
      played = []
      VCR.use_cassette("watch") { watch { |said| played << said } }

      expect(played).to eq %w[first]
      expect(server.requests.size).to eq 1
    end
  end
end
