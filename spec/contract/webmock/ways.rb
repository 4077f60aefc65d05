# frozen_string_literal: true

# The ways a client talks, so that each thing WebMock can do is asked of all: a plain call, a watch that is read to its end, and a list
# that is plucked while it comes, which kubeclient does not have.
require_relative "../support/examples"
require_relative "../support/implementation"
require_relative "../support/recording_server"
require "webmock/rspec"

if Implementation.kubeclient?
  require "http"
else
  require "gitlab_kube/webmock"
  # Real requests of these examples go to loopback; names that are only stubbed have no address.
  GitlabKube.configure { |config| config.local_requests_allowed = true }
end

module Ways
  # One way: where it goes, what a server writes to say something, and how the client hears it.
  Way = Struct.new(:name, :path, :write, :hear, :lib, :timeout, keyword_init: true) do
    def url(base = "https://kubernetes.test")
      "#{base}#{path}"
    end

    # What the server said, once for each event.
    def ask(base = "https://kubernetes.test", **options)
      hear.call(Kubeclient::Client.new(base, "v1", as: :parsed, **options))
    end
  end

  CALL = Way.new(
    name: "a call", path: "/api/v1/namespaces/place/pods/web",
    write: ->(said) { JSON.generate(said: said) },
    hear: ->(client) { [client.get_entity("pods", "web", "place")["said"]] },
    lib: Implementation.kubeclient? ? :net_http : :gitlab_kube,
    timeout: -> { Kubeclient::HttpError }
  )
  WATCH = Way.new(
    name: "a watch", path: "/api/v1/watch/pods",
    write: ->(said) { "#{JSON.generate(type: 'ADDED', object: { said: said })}\n" },
    hear: ->(client) { client.watch_entities("pods").to_enum.map { |notice| notice["object"]["said"] } },
    lib: Implementation.kubeclient? ? :http_rb : :gitlab_kube,
    timeout: -> { Implementation.kubeclient? ? HTTP::TimeoutError : Kubeclient::HttpError }
  )
  PLUCK = Way.new(
    name: "a pluck", path: "/api/v1/namespaces/place/pods",
    write: ->(said) { JSON.generate(kind: "PodList", items: [{ said: said }]) },
    hear: ->(client) { client.pluck("pods", "said", namespace: "place") },
    lib: :gitlab_kube, timeout: -> { Kubeclient::HttpError }
  )
  ALL = Implementation.kubeclient? ? [CALL, WATCH] : [CALL, WATCH, PLUCK]

  # Groups of examples, once for each way.
  def for_each_way(&examples)
    ALL.each do |way|
      context "for #{way.name}", way: way do
        let(:way) { way }
        let(:url) { way.url }

        class_exec(way, &examples)
      end
    end
  end

  # A stub's response that says something in this way.
  module Saying
    def say(said, **more)
      { body: way.write.call(said), **more }
    end
  end
end

RSpec.configure do |config|
  config.extend Ways
  config.include Ways::Saying
  config.before { WebMock.disable_net_connect! }
  # Names of these examples have no address, and nobody waits for a resolver to say so.
  config.before do
    allow(Addrinfo).to receive(:getaddrinfo).and_wrap_original do |original, host, *rest|
      host.end_with?(".test") ? [] : original.call(host, *rest)
    end
  end
  # WebMock 3.18's adapter for http.rb leaves no body of a real response: these are no promise of kubeclient's.
  config.filter_run_excluding(real: ->(_, example) { Implementation.kubeclient? && example[:way] == Ways::WATCH })
end
