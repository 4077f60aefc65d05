# frozen_string_literal: true

# What can be asked of the requests afterwards.
require_relative "ways"

RSpec.describe "WebMock verification" do
  for_each_way do |way|
    it "counts" do
      stub = stub_request(:get, url).to_return(say("yes"))
      expect(stub).not_to have_been_requested
      2.times { way.ask }

      expect(stub).to have_been_requested.twice
      expect(a_request(:get, url)).to have_been_made.times(2)
      expect(WebMock).to have_requested(:get, url).twice
      assert_requested(:get, url, times: 2)
      assert_not_requested(:post, url)
      expect(a_request(:get, "#{url}x")).not_to have_been_made
    end

    it "counts at least and at most" do
      stub = stub_request(:get, url).to_return(say("yes"))
      2.times { way.ask }

      expect(stub).to have_been_requested.at_least_once
      expect(a_request(:get, url)).to have_been_made.at_least_times(2)
      expect(a_request(:get, url)).to have_been_made.at_most_times(2)
      assert_requested(:get, url, at_least_times: 1, at_most_times: 3) { |request| request.uri.path == way.path }
      assert_requested(stub, times: 2)
      expect { assert_requested(:get, url, times: 3) }.to raise_error(/made 2 times/)
    end

    it "looks at headers and asks blocks" do
      stub_request(:get, url).to_return(say("yes"))
      way.ask(auth_options: { bearer_token: "t0ken" })

      expect(WebMock).to have_requested(:get, url).with(headers: { "Authorization" => "Bearer t0ken" })
      expect(WebMock).to(have_requested(:get, url).with { |request| request.headers["Authorization"] == "Bearer t0ken" })
      expect(WebMock).not_to have_requested(:get, url).with(headers: { "Authorization" => "Bearer other" })
    end

    it "knows of requests that were refused" do
      expect { way.ask }.to raise_error(WebMock::NetConnectNotAllowedError)
      expect(a_request(:get, url)).to have_been_made.once
    end

    it "knows of requests that went out", :real do
      server = RecordingServer.new { |_request| RecordingServer::Answer.new(status: 200, body: way.write.call("real")) }
      WebMock.allow_net_connect!
      way.ask(server.url)
      expect(a_request(:get, way.url(server.url))).to have_been_made.once
    ensure
      server.close
    end

    it "forgets with reset_executed_requests!" do
      stub_request(:get, url).to_return(say("yes"))
      way.ask
      reset_executed_requests!
      expect(a_request(:get, url)).not_to have_been_made
    end

    it "names what was asked for, when it fails" do
      stub_request(:get, url).to_return(say("yes"))
      way.ask
      expect { expect(a_request(:get, "https://other.test/")).to have_been_made }
        .to raise_error(RSpec::Expectations::ExpectationNotMetError, /GET #{Regexp.escape(url)}/)
    end

    it "asks again for each request: nothing is tried twice by itself" do
      stub = stub_request(:get, url).to_return(status: 503)
      expect { way.ask }.to raise_error(Kubeclient::HttpError)
      expect(stub).to have_been_requested.once
    end
  end

  it "sees discovery as a request of its own" do
    discovery = stub_request(:get, "https://kubernetes.test/api/v1")
                .to_return(body: JSON.generate(resources: [{ name: "pods", kind: "Pod", namespaced: true }]))
    list = stub_request(:get, "https://kubernetes.test/api/v1/pods").to_return(body: '{"items":[]}')
    client = Kubeclient::Client.new("https://kubernetes.test")
    2.times { client.get_pods }

    expect(discovery).to have_been_requested.once
    expect(list).to have_been_requested.twice
  end

  it "sees discovery again for each client: what a stub said is not remembered" do
    discovery = stub_request(:get, "https://kubernetes.test/api/v1")
                .to_return(body: JSON.generate(resources: [{ name: "pods", kind: "Pod" }]))
    2.times { Kubeclient::Client.new("https://kubernetes.test").respond_to?(:get_pods) }
    expect(discovery).to have_been_requested.twice
  end
end
