# frozen_string_literal: true

# What happens to a request that no stub answers.
require_relative "ways"

RSpec.describe "WebMock net connect" do
  for_each_way do |way|
    let(:server) { RecordingServer.new { |_request| RecordingServer::Answer.new(status: 200, body: way.write.call("real")) } }
    let(:port) { URI.parse(server.url).port }

    after { server.close }

    it "is refused, past every rescue of StandardError" do
      rescued = begin
        way.ask(server.url)
      rescue StandardError
        :rescued
      rescue WebMock::NetConnectNotAllowedError => e
        e.message
      end
      expect(rescued).to include("Real HTTP connections are disabled", way.path)
      expect(server.requests).to eq []
    end

    it "is refused with the stub that would have answered, and those that did not" do
      stub_request(:get, "https://other.test/")
      expect { way.ask(auth_options: { bearer_token: "t0ken" }) }.to raise_error(WebMock::NetConnectNotAllowedError) { |error|
        expect(error.message).to match(%r{stub_request\(:get, "#{Regexp.escape(url)}"\).*'Authorization'=>'Bearer t0ken'.*https://other\.test/}m)
      }
    end

    it "is refused again after it was allowed" do
      WebMock.allow_net_connect!
      WebMock.disable_net_connect!
      expect { way.ask(server.url) }.to raise_error(WebMock::NetConnectNotAllowedError)
    end

    it "is allowed for all", :real do
      WebMock.allow_net_connect!
      expect(way.ask(server.url)).to eq %w[real]
    end

    it "is allowed for localhost", :real do
      WebMock.disable_net_connect!(allow_localhost: true)
      expect(way.ask(server.url)).to eq %w[real]
      expect { way.ask }.to raise_error(WebMock::NetConnectNotAllowedError)
    end

    it "is allowed for a host, a host with a port, a pattern, and what a lambda says", :real do
      ["127.0.0.1", "127.0.0.1:#{port}", "http://127.0.0.1:#{port}", /127\.0\.0\.1/, lambda { |uri|
                                                                                       uri.port == port
                                                                                     }, ["a", "127.0.0.1"]].each do |allowed|
        WebMock.disable_net_connect!(allow: allowed)
        expect(way.ask(server.url)).to eq %w[real]
      end
    end

    it "is refused for another host, port or pattern" do
      ["127.0.0.2", "127.0.0.1:1", /example/, ->(uri) { uri.port == 1 }, []].each do |allowed|
        WebMock.disable_net_connect!(allow: allowed)
        expect { way.ask(server.url) }.to raise_error(WebMock::NetConnectNotAllowedError)
      end
    end

    it "does not matter where a stub answers" do
      WebMock.allow_net_connect!
      stub_request(:get, way.url(server.url)).to_return(say("stubbed"))
      expect(way.ask(server.url)).to eq %w[stubbed]
      expect(server.requests).to eq []
    end

    it "sends what would have been sent", :real do
      WebMock.allow_net_connect!
      way.ask(server.url, auth_options: { bearer_token: "t0ken" })
      expect(server.requests.map do |request|
               [request.verb, request.target, request.headers["authorization"]]
             end).to eq [["GET", way.path, "Bearer t0ken"]]
    end
  end
end
