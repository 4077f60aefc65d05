# frozen_string_literal: true

# When WebMock sees a client's requests at all.
require "open3"
require_relative "ways"

RSpec.describe "WebMock enabling" do
  after { WebMock.enable! }

  for_each_way do |way|
    let(:server) { RecordingServer.new { |_request| RecordingServer::Answer.new(status: 200, body: way.write.call("real")) } }

    after { server.close }

    it "stops with disable!, and starts again" do
      stub_request(:get, way.url(server.url)).to_return(say("stubbed"))
      WebMock.disable!
      expect(way.ask(server.url)).to eq %w[real]
      expect(a_request(:get, way.url(server.url))).not_to have_been_made

      WebMock.enable!
      expect(way.ask(server.url)).to eq %w[stubbed]
    end

    it "may be said twice" do
      2.times { WebMock.enable! }
      stub = stub_request(:get, way.url(server.url)).to_return(say("stubbed"))
      way.ask(server.url)
      expect(stub).to have_been_requested.once

      2.times { WebMock.disable! }
      expect(way.ask(server.url)).to eq %w[real]
    end

    it "leaves out libraries it is told to" do
      WebMock.enable!(except: [way.lib])
      expect(way.ask(server.url)).to eq %w[real]
    end

    it "stays on for libraries it is told to" do
      WebMock.disable!(except: [way.lib])
      stub_request(:get, way.url(server.url)).to_return(say("stubbed"))
      expect(way.ask(server.url)).to eq %w[stubbed]
    end
  end

  unless Implementation.kubeclient?
    # Order of loading: a process for each.
    def says(*lines)
      output, errors, status = Open3.capture3(RbConfig.ruby, "-I", File.expand_path("../../../lib", __dir__), "-e", lines.join("\n"))
      raise errors unless status.success?

      output.strip
    end

    it "is on when the adapter is loaded after WebMock was switched on" do
      expect(says('require "webmock"', "WebMock.enable!", 'require "gitlab_kube"', 'require "gitlab_kube/webmock"',
                  "p !GitlabKube.interceptor.nil?")).to eq "true"
    end

    it "is on when the adapter is the first that is loaded of the gem, as in a spec_helper" do
      expect(says('require "webmock/rspec"', 'require "gitlab_kube/rspec"', "WebMock.enable!",
                  "p !GitlabKube.interceptor.nil?")).to eq "true"
    end

    it "is off when the adapter is loaded while WebMock is off" do
      expect(says('require "gitlab_kube"', 'require "webmock"', "WebMock.disable!", 'require "gitlab_kube/webmock"',
                  "p GitlabKube.interceptor")).to eq "nil"
    end

    it "keeps the interceptor that was there, and shows it what goes out" do
      WebMock.disable!
      seen = []
      GitlabKube.interceptor = lambda do |request, &send|
        seen << request.verb
        send.call
      end
      WebMock.enable!
      server = RecordingServer.new { |_request| RecordingServer::Answer.new(status: 200, body: '{"said":1}') }
      WebMock.allow_net_connect!
      stub_request(:get, Ways::CALL.url).to_return(body: '{"said":2}')

      expect([Ways::CALL.ask(server.url), Ways::CALL.ask]).to eq [[1], [2]]
      expect(seen).to eq [:get]
      WebMock.disable!
      expect(GitlabKube.interceptor).to be_a(Proc)
    ensure
      server.close
      GitlabKube.interceptor = nil
    end

    it "asks for nothing when it is off: requests have no interceptor" do
      WebMock.disable!
      expect(GitlabKube.interceptor).to be_nil
    end
  end
end
