# frozen_string_literal: true

# Which stub answers where several could.
require_relative "ways"

RSpec.describe "WebMock precedence" do
  after { WebMock::StubRegistry.instance.global_stubs.clear }

  for_each_way do |way|
    it "is with the stub declared last" do
      stub_request(:get, url).to_return(say("first"))
      stub_request(:get, url).to_return(say("last"))
      expect(way.ask).to eq %w[last]
    end

    it "falls back to the one before, when the last is taken away" do
      stub_request(:get, url).to_return(say("first"))
      last = stub_request(:get, url).to_return(say("last"))
      remove_request_stub(last)
      expect(way.ask).to eq %w[first]
    end

    it "is with what fits, not with what is more exact" do
      stub_request(:get, url).with(headers: { "Authorization" => "Bearer t" }).to_return(say("exact"))
      stub_request(:any, /kubernetes/).to_return(say("wide"))
      expect(way.ask(auth_options: { bearer_token: "t" })).to eq %w[wide]
    end

    it "is with global stubs before all" do
      WebMock.globally_stub_request { |request| say("global") if request.uri.path == way.path }
      stub_request(:get, url).to_return(say("local"))
      expect(way.ask).to eq %w[global]
    end

    it "goes on where a global stub says nothing" do
      WebMock.globally_stub_request { |_request| nil }
      stub_request(:get, url).to_return(say("local"))
      expect(way.ask).to eq %w[local]
    end

    it "is with global stubs after all, where they ask for that" do
      WebMock.globally_stub_request(:after_local_stubs) { |_request| say("global") }
      expect(way.ask).to eq %w[global]
      stub_request(:get, url).to_return(say("local"))
      expect(way.ask).to eq %w[local]
    end

    it "ends with reset!" do
      stub_request(:get, url).to_return(say("gone"))
      WebMock.reset!
      expect { way.ask }.to raise_error(WebMock::NetConnectNotAllowedError)
    end
  end
end
