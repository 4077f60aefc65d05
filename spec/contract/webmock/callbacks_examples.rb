# frozen_string_literal: true

# What is told after each request.
require_relative "ways"

RSpec.describe "WebMock callbacks" do
  after { WebMock.reset_callbacks }

  for_each_way do |way|
    let(:seen) { [] }
    let(:server) do
      RecordingServer.new do |_request|
        RecordingServer::Answer.new(status: 200, headers: { "X-Real" => "yes" }, body: way.write.call("real"))
      end
    end

    def tell(**options)
      WebMock.after_request(options) do |request, response|
        seen << [request.method, request.uri.path, response.status.first, response.body]
      end
    end

    it "see a stubbed request and its response" do
      tell
      stub_request(:get, url).to_return(say("stubbed"))
      way.ask
      expect(seen).to eq [[:get, way.path, 200, way.write.call("stubbed")]]
    end

    it "see an error's status" do
      tell
      stub_request(:get, url).to_return(status: 403)
      expect { way.ask }.to raise_error(Kubeclient::HttpError)
      expect(seen.map { |row| row[2] }).to eq [403]
    end

    it "see a real request and all of its response, and leave it whole", :real do
      WebMock.allow_net_connect!
      tell
      expect(way.ask(server.url)).to eq %w[real]
      expect(seen).to eq [[:get, way.path, 200, way.write.call("real")]]
    ensure
      server.close
    end

    it "see the headers of a real response", :real do
      WebMock.allow_net_connect!
      headers = nil
      WebMock.after_request { |_request, response| headers = response.headers }
      way.ask(server.url)
      expect(headers).to include("X-Real" => "yes")
    ensure
      server.close
    end

    it "see only real requests, where they ask for that", :real do
      tell(real_requests_only: true)
      stub_request(:get, url).to_return(say("stubbed"))
      way.ask
      expect(seen).to eq []

      WebMock.allow_net_connect!
      way.ask(server.url)
      expect(seen.size).to eq 1
    ensure
      server.close
    end

    it "do not see libraries they leave out" do
      tell(except: [way.lib])
      stub_request(:get, url).to_return(say("stubbed"))
      way.ask
      expect(seen).to eq []
    end

    it "see a library that is not left out" do
      tell(except: [:patron])
      stub_request(:get, url).to_return(say("stubbed"))
      way.ask
      expect(seen.size).to eq 1
    end

    it "are called in the order they were given, in the thread that asked" do
      order = []
      2.times { |number| WebMock.after_request { order << [number, Thread.current] } }
      stub_request(:get, url).to_return(say("stubbed"))
      way.ask
      expect(order).to eq [[0, Thread.current], [1, Thread.current]]
    end

    it "let an exception out" do
      WebMock.after_request { raise KeyError, "from the callback" }
      stub_request(:get, url).to_return(say("stubbed"))
      expect { way.ask }.to raise_error(KeyError, "from the callback")
    end

    it "end with reset_callbacks" do
      tell
      WebMock.reset_callbacks
      stub_request(:get, url).to_return(say("stubbed"))
      way.ask
      expect(seen).to eq []
    end
  end
end
