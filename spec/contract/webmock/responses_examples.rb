# frozen_string_literal: true

# What a stub can answer, and what the client makes of it.
require "pathname"
require "rack"
require "stringio"
require "tempfile"
require_relative "ways"

RSpec.describe "WebMock responses" do
  # @return [String] the path of a file with this text
  def file(text)
    @file = Tempfile.new("response").tap { |file| file.write(text) && file.flush }
    @file.path
  end

  for_each_way do |way|
    it "gives a body, with nothing said of its type" do
      stub_request(:get, url).to_return(say("yes"))
      expect(way.ask).to eq %w[yes]
    end

    it "gives a body beyond ASCII" do
      stub_request(:get, url).to_return(say("naïve ☃"))
      expect(way.ask).to eq ["naïve ☃"]
    end

    it "asks a Proc for the body" do
      stub_request(:get, url).to_return(body: ->(request) { way.write.call(request.uri.host) })
      expect(way.ask).to eq %w[kubernetes.test]
    end

    it "asks a block for all of it" do
      stub_request(:get, url).to_return { |request| say(request.method.to_s) }
      expect(way.ask).to eq %w[get]
    end

    { "a path" => ->(path) { Pathname(path) }, "a file" => ->(path) { File.open(path) } }.each do |what, given|
      it "reads a body from #{what}" do
        stub_request(:get, url).to_return(body: given.call(file(way.write.call("yes"))))
        expect(way.ask).to eq %w[yes]
      end
    end

    wire = lambda do |body|
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: #{body.bytesize}\r\n\r\n#{body}"
    end
    {
      "text" => ->(text, _file) { text }, "a file" => ->(_text, file) { File.open(file) },
      "a Proc" => ->(text, _file) { ->(_request) { text } }
    }.each do |what, given|
      it "takes a response as it was on the wire, from #{what}" do
        text = wire.call(way.write.call("yes"))
        stub_request(:get, url).to_return(given.call(text, file(text)))
        expect(way.ask).to eq %w[yes]
      end
    end

    it "asks Procs for status and headers" do
      stub_request(:get, url).to_return(say("yes", status: ->(_request) { 201 }, headers: ->(request) { { "X-Host" => request.uri.host } }))
      expect(way.ask).to eq %w[yes]
    end

    it "takes headers that come several times, and numbers" do
      stub_request(:get, url).to_return(say("yes", headers: { "Warning" => %w[299 300], retry_after: 3 }))
      expect(way.ask).to eq %w[yes]
    end

    it "asks a Rack application" do
      body = way.write.call("yes")
      stub_request(:get, url).to_rack(->(_env) { [200, { "Content-Type" => "application/json" }, [body]] })
      expect(way.ask).to eq %w[yes]
    end

    it "gives one after another, and the last for ever" do
      stub_request(:get, url).to_return(say("one"), say("two")).then.to_return(say("three"))
      expect(Array.new(4) { way.ask }.flatten).to eq %w[one two three three]
    end

    it "gives one several times" do
      stub_request(:get, url).to_return(say("one")).times(2).then.to_return(say("two"))
      expect(Array.new(3) { way.ask }.flatten).to eq %w[one one two]
    end

    [401, 403, 404, 409, 410, 422, 429, 500, 503].each do |code|
      it "gives #{code}, with words of its own" do
        stub_request(:get, url).to_return(status: [code, "Own Words"], body: JSON.generate(kind: "Status", message: "no"))
        expect { way.ask }.to raise_error(Kubeclient::HttpError) { |error| expect(error.error_code).to eq code }
      end
    end

    it "gives an error without a body" do
      stub_request(:get, url).to_return(status: 500)
      expect { way.ask }.to raise_error(Kubeclient::HttpError) { |error| expect(error.error_code).to eq 500 }
    end

    it "gives a redirect, which is not followed" do
      elsewhere = stub_request(:get, "https://elsewhere.test/").to_return(body: "{}")
      stub_request(:get, url).to_return(status: 302, headers: { "Location" => "https://elsewhere.test/" })

      expect { way.ask(http_max_redirects: 0) }.to raise_error(Kubeclient::HttpError) { |error| expect(error.error_code).to eq 302 }
      expect(elsewhere).not_to have_been_requested
    end

    it "raises an error given as a class, an object or words" do
      own = Class.new(StandardError)
      stub_request(:get, url).to_raise(own).then.to_raise(own.new("object")).then.to_raise("words")

      expect { way.ask }.to raise_error(own)
      expect { way.ask }.to raise_error(own, "object")
      expect { way.ask }.to raise_error(StandardError, "words")
    end

    it "raises what is no StandardError" do
      own = Class.new(Exception) # rubocop:disable Lint/InheritException -- that is the point
      stub_request(:get, url).to_raise(own.new("out"))
      expect { way.ask }.to raise_error(own, "out")
    end

    it "raises a refused connection as it was given" do
      stub_request(:get, url).to_raise(Errno::ECONNREFUSED)
      expect { way.ask }.to raise_error(Errno::ECONNREFUSED)
    end

    it "raises after an answer" do
      stub_request(:get, url).to_return(say("one")).then.to_raise(KeyError)
      expect(way.ask).to eq %w[one]
      expect { way.ask }.to raise_error(KeyError)
    end
  end

  it "gives 404 to a call as not found" do
    stub_request(:get, Ways::CALL.url).to_return(status: 404)
    expect { Ways::CALL.ask }.to raise_error(Kubeclient::ResourceNotFoundError)
  end

  it "gives a watch several events, and then its end" do
    stub_request(:get, Ways::WATCH.url).to_return(body: %w[one two three].map { |said| Ways::WATCH.write.call(said) }.join)
    expect(Ways::WATCH.ask).to eq %w[one two three]
  end

  it "gives a watch nothing" do
    stub_request(:get, Ways::WATCH.url).to_return(body: "")
    expect(Ways::WATCH.ask).to eq []
  end

  it "gives a followed log its lines" do
    stub_request(:get, "https://kubernetes.test/api/v1/namespaces/place/pods/web/log?follow=true").to_return(body: "one\ntwo\n")
    expect(Kubeclient::Client.new("https://kubernetes.test").watch_pod_log("web", "place").to_enum.to_a).to eq %w[one two]
  end
end
