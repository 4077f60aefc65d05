# frozen_string_literal: true

# Which requests a stub answers.
require_relative "ways"

RSpec.describe "WebMock matching" do
  for_each_way do |way|
    {
      "a String" => way.url, "a String with the default port" => way.url.sub("test", "test:443"),
      "a Regexp" => %r{kubernetes\.test/api/v1/},
      "a template" => Addressable::Template.new("https://{host}#{way.path}"), "something to call" => ->(uri) { uri.path == way.path }
    }.each do |what, pattern|
      it "takes #{what} for a URL" do
        stub_request(:get, pattern).to_return(say("yes"))
        expect(way.ask).to eq %w[yes]
      end
    end

    it "takes any verb" do
      stub_request(:any, url).to_return(say("yes"))
      expect(way.ask).to eq %w[yes]
    end

    it "does not take another verb" do
      stub_request(:post, url).to_return(say("no"))
      expect { way.ask }.to raise_error(WebMock::NetConnectNotAllowedError)
    end

    it "does not take another path, host, port or scheme" do
      ["#{url}x", url.sub("kubernetes", "other"), url.sub("test", "test:8443"), url.sub("https", "http")].each do |other|
        stub_request(:get, other).to_return(say("no"))
      end
      expect { way.ask }.to raise_error(WebMock::NetConnectNotAllowedError)
    end

    it "sees a path prefix and a port" do
      stub_request(:get, way.url("https://kubernetes.test:6443/prefix")).to_return(say("yes"))
      expect(way.ask("https://kubernetes.test:6443/prefix")).to eq %w[yes]
    end

    it "sees headers, whatever their case" do
      stub_request(:get, url).with(headers: { "AUTHORIZATION" => "Bearer t0ken" }).to_return(say("yes"))
      expect(way.ask(auth_options: { bearer_token: "t0ken" })).to eq %w[yes]
    end

    it "does not take another token" do
      stub_request(:get, url).with(headers: { "Authorization" => "Bearer t0ken" }).to_return(say("no"))
      expect { way.ask(auth_options: { bearer_token: "other" }) }.to raise_error(WebMock::NetConnectNotAllowedError)
    end

    it "takes a pattern for a header, and several headers at once" do
      stub_request(:get, url).with(headers: { "Authorization" => /\ABearer t/, "User-Agent" => /./ }).to_return(say("yes"))
      expect(way.ask(auth_options: { bearer_token: "t0ken" })).to eq %w[yes]
    end

    it "does not take a request without a header it asks for" do
      stub_request(:get, url).with(headers: { "X-Not-Sent" => "1" }).to_return(say("no"))
      expect { way.ask }.to raise_error(WebMock::NetConnectNotAllowedError)
    end

    it "sees a name and a password" do
      stub_request(:get, url).with(basic_auth: %w[me pw]).to_return(say("yes"))
      expect(way.ask(auth_options: { username: "me", password: "pw" })).to eq %w[yes]
    end

    it "asks a block" do
      stub_request(:get, url).with { |request| request.uri.path == way.path && request.body.to_s.empty? }.to_return(say("yes"))
      expect(way.ask).to eq %w[yes]
    end
  end

  asked = {
    Ways::CALL => ["https://kubernetes.test/api/v1/pods", ->(client, words) { [client.get_entities("Pod", "pods", words)["said"]] }],
    Ways::WATCH => ["https://kubernetes.test/api/v1/watch/pods", lambda { |client, words|
      client.watch_entities("pods", words).to_enum.map { |notice| notice["object"]["said"] }
    }],
    Ways::PLUCK => ["https://kubernetes.test/api/v1/pods", ->(client, words) { client.pluck("pods", "said", **words) }]
  }
  for_each_way do |way|
    describe "of a query" do
      let(:words) { { label_selector: "a=b,c!=d", field_selector: "e=f g" } }
      let(:query) { { "labelSelector" => "a=b,c!=d", "fieldSelector" => "e=f g" } }
      let(:url) { asked.fetch(way).first }

      define_method(:ask) { asked.fetch(way).last.call(Kubeclient::Client.new("https://kubernetes.test", "v1", as: :parsed), words) }

      it "is seen decoded, in any order" do
        stub_request(:get, url).with(query: query.to_a.reverse.to_h).to_return(say("yes"))
        expect(ask).to eq %w[yes]
      end

      it "is seen in the URL" do
        stub_request(:get, "#{url}?labelSelector=a%3Db%2Cc%21%3Dd&fieldSelector=e%3Df+g").to_return(say("yes"))
        expect(ask).to eq %w[yes]
      end

      it "is seen in part" do
        stub_request(:get, url).with(query: hash_including("labelSelector" => "a=b,c!=d")).to_return(say("yes"))
        expect(ask).to eq %w[yes]
      end

      it "is seen by what it does not have" do
        stub_request(:get, url).with(query: hash_excluding("labelSelector" => "a=b,c!=d")).to_return(say("no"))
        expect { ask }.to raise_error(WebMock::NetConnectNotAllowedError)
        stub_request(:get, url).with(query: hash_excluding("limit" => "1")).to_return(say("yes"))
        expect(ask).to eq %w[yes]
      end

      it "must be stubbed where there is one" do
        stub_request(:get, url).to_return(say("no"))
        expect { ask }.to raise_error(WebMock::NetConnectNotAllowedError)
      end

      it "is seen afterwards" do
        stub_request(:get, /kubernetes/).to_return(say("yes"))
        ask
        expect(a_request(:get, url).with(query: query)).to have_been_made.once
        expect(a_request(:get, url)).not_to have_been_made
      end
    end
  end

  describe "of a body" do
    let(:client) { Kubeclient::Client.new("https://kubernetes.test", "v1", as: :parsed) }
    let(:pods) { stub_request(:post, "https://kubernetes.test/api/v1/namespaces/place/pods").to_return(body: '{"said":1}') }
    let(:pod) { { metadata: { name: "web", namespace: "place" } } }

    def create
      client.create_entity("Pod", "pods", pod)
    end

    it "is seen as a Hash, by its content type" do
      pods.with(body: { "metadata" => { "name" => "web", "namespace" => "place" }, "kind" => "Pod", "apiVersion" => "v1" })
      expect(create).to eq("said" => 1)
    end

    it "is seen in part" do
      pods.with(body: hash_including("kind" => "Pod"))
      expect(create).to eq("said" => 1)
    end

    it "is seen as text" do
      pods.with(body: /"name":"web"/)
      expect(create).to eq("said" => 1)
    end

    it "does not take another" do
      pods.with(body: hash_including("kind" => "Node"))
      expect { create }.to raise_error(WebMock::NetConnectNotAllowedError)
    end

    it "is seen with the content type of a patch" do
      stub = stub_request(:patch, "https://kubernetes.test/api/v1/namespaces/place/pods/web")
             .with(headers: { "Content-Type" => "application/merge-patch+json" }, body: '{"a":null}').to_return(body: '{"said":1}')
      client.patch_entity("pods", "web", { a: nil }, "merge-patch", "place")
      expect(stub).to have_been_requested
    end
  end
end
