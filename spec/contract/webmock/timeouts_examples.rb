# frozen_string_literal: true

# What `to_timeout` comes to.
require_relative "ways"

RSpec.describe "WebMock timeouts" do
  for_each_way do |way|
    it "are the client's own timeout" do
      stub_request(:get, url).to_timeout
      expect { way.ask }.to raise_error(way.timeout.call, /timed out/i)
    end

    it "come in their turn" do
      stub_request(:get, url).to_timeout.then.to_return(say("after"))
      expect { way.ask }.to raise_error(way.timeout.call)
      expect(way.ask).to eq %w[after]
    end

    it "come as often as they are told to" do
      stub_request(:get, url).to_timeout.times(2).then.to_return(say("after"))
      2.times { expect { way.ask }.to raise_error(way.timeout.call) }
      expect(way.ask).to eq %w[after]
    end

    it "are counted as requests" do
      stub = stub_request(:get, url).to_timeout
      expect { way.ask }.to raise_error(way.timeout.call)
      expect(stub).to have_been_requested.once
    end
  end

  it "have no code, for a call" do
    stub_request(:get, Ways::CALL.url).to_timeout
    expect { Ways::CALL.ask }.to raise_error(Kubeclient::HttpError) { |error| expect(error.error_code).to be_nil }
  end
end
