# frozen_string_literal: true

# Where a scenario plays: a server over a real socket, or WebMock. Both answer the same, and keep what was sent.
require_relative "../support/pki"
require "webmock"
require "gitlab_kube/webmock" unless Implementation.kubeclient?

unless Implementation.kubeclient?
  # The server is on loopback, which this client does not dial unless told: docs/kubeclient.md, "policy".
  GitlabKube.configure { |config| config.local_requests_allowed = true }
end

module Parity
  # What scenarios see.
  class World
    # @return [Hash] value or error, and the requests
    def play(scenario)
      start(scenario.answers)
      result = begin
        { "value" => Outcome.value(scenario.act.call(self)) }
      rescue StandardError => e
        Outcome.error(e).merge("words" => e.message)
      end
      result.merge("requests" => requests)
    ensure
      stop
    end

    # @param path [String] where the API group lives
    # @param version [String]
    # @return [Kubeclient::Client]
    def client(path = "", version = "v1", **options)
      Kubeclient::Client.new("#{url}#{path}", version, **options)
    end

    # @return [String] this directory's file, to be read by a client
    def file(name)
      File.join(__dir__, "files", name)
    end

    # @yieldparam url [String] of a server that speaks TLS and lists no pods
    # @yieldparam pki [Pki]
    def with_tls(client_certificate: false)
      pki = Pki.new
      answers = { "GET /api/v1" => Parity.serves("pods" => "Pod"), "GET /api/v1/pods" => { items: [] } }
      secure = RecordingServer.new(tls: pki.context(client_certificate: client_certificate)) do |request|
        answer_to(answers, request.verb, request.target)
      end
      yield secure.url, pki
    ensure
      secure.close
    end

    private

    def answer_to(answers, verb, target)
      answer = answers["#{verb} #{target}"] || answers["#{verb} #{target.split('?').first}"]
      answer = answer.shift if answer.is_a?(Array)
      case answer
      when RecordingServer::Answer then answer
      when nil then json(404, { kind: "Status", message: "no answer for #{verb} #{target}", code: 404 })
      when Integer then json(answer, { kind: "Status", message: "said #{answer}", code: answer })
      when String then RecordingServer::Answer.new(status: 200, body: answer)
      else json(200, answer)
      end
    end

    def json(status, body)
      RecordingServer::Answer.new(status: status, body: JSON.generate(body))
    end

    # What of a request is a matter of this contract; libraries differ in User-Agent, Accept and the like.
    def seen(verb, target, headers, body)
      path, query = target.split("?", 2)
      sent = { "request" => "#{verb.to_s.upcase} #{path}", "query" => URI.decode_www_form(query.to_s).sort }
      sent["authorization"] = headers["authorization"]
      sent.update("type" => headers["content-type"].to_s.split(";").first, "body" => parsed(body)) unless body.to_s.empty?
      sent.compact
    end

    # A body that is not JSON is shown as it is.
    def parsed(body)
      JSON.parse(body)
    rescue JSON::ParserError
      body
    end
  end

  # Over a real socket. Each server has a loopback address of its own: a port may come again, and a client that remembers servers would
  # take the new one for the old.
  class SocketWorld < World
    @hosts = (1..200).flat_map { |third| (1..200).map { |fourth| "127.1.#{third}.#{fourth}" } }.each

    # @return [String] an address that no other scenario has
    def self.next_host
      @hosts.next
    end

    def url
      @server.url
    end

    private

    def start(answers)
      WebMock.disable!
      answers = answers.transform_values(&:dup)
      @server = RecordingServer.new(host: self.class.next_host) { |request| answer_to(answers, request.verb, request.target) }
    end

    def stop
      @server.close
    end

    def requests
      @server.requests.map { |request| seen(request.verb, request.target, request.headers, request.body) }
    end
  end

  # Through WebMock.
  class WebMockWorld < World
    # A literal: while an interceptor is installed names are resolved, and nobody here answers.
    def url
      "http://10.1.2.3"
    end

    private

    def start(answers)
      WebMock.enable!
      answers = answers.transform_values(&:dup)
      @signatures = []
      WebMock.stub_request(:any, %r{\Ahttp://10.1.2.3/}).to_return do |signature|
        @signatures << signature
        answer = answer_to(answers, signature.method.to_s.upcase, target(signature))
        { status: answer.status, headers: answer.headers, body: answer.body }
      end
    end

    def stop
      WebMock.reset!
      WebMock.disable!
    end

    def requests
      @signatures.map do |signature|
        headers = (signature.headers || {}).transform_keys(&:downcase)
        seen(signature.method, target(signature), headers, signature.body)
      end
    end

    def target(signature)
      signature.uri.request_uri
    end
  end
end
