# frozen_string_literal: true

# VCR sits on WebMock: what it records once it plays back, and without a cassette it lets nothing through.
require "tmpdir"
require_relative "ways"
require "vcr"

RSpec.describe "VCR" do
  let(:directory) { Dir.mktmpdir }
  let(:server) do
    number = 0
    RecordingServer.new { |_request| RecordingServer::Answer.new(status: 200, body: way.write.call("answer #{number += 1}")) }
  end

  before do
    VCR.configure do |config|
      config.cassette_library_dir = directory
      config.hook_into :webmock
      config.default_cassette_options = { record: :once }
    end
    VCR.turn_on!
  end

  after do
    VCR.turn_off!
    server.close
    FileUtils.rm_rf(directory)
  end

  for_each_way do |way|
    it "records a real request, and plays it back without the server", :real do
      first = VCR.use_cassette("pods") { way.ask(server.url) }
      second = VCR.use_cassette("pods") { way.ask(server.url) }

      expect([first, second]).to eq [["answer 1"], ["answer 1"]]
      expect(server.requests.size).to eq 1
      expect(File.read(File.join(directory, "pods.yml"))).to include(way.path, "answer 1")
    end

    it "refuses a request that the cassette does not have", :real do
      VCR.use_cassette("pods") { way.ask(server.url) }
      expect { VCR.use_cassette("pods") { way.ask("#{server.url}/other") } }.to raise_error(VCR::Errors::UnhandledHTTPRequestError)
    end

    it "refuses a request without a cassette" do
      expect { way.ask(server.url) }.to raise_error(VCR::Errors::UnhandledHTTPRequestError)
      expect(server.requests).to eq []
    end

    it "lets a WebMock stub be where it is turned off" do
      VCR.turned_off do
        stub_request(:get, url).to_return(say("stubbed"))
        expect(way.ask).to eq %w[stubbed]
      end
    end
  end
end
