# frozen_string_literal: true

# exec, attach and port-forward under WebMock: requests like any other until the connection leaves HTTP, which no stub can make it do.
require_relative "../webmock/ways"
require_relative "../../support/web_socket_server"

RSpec.describe "a session under WebMock" do
  pod = "https://kubernetes.test/api/v1/namespaces/shop/pods/web"
  let(:client) { Kubeclient::Client.new("https://kubernetes.test", "v1", auth_options: { bearer_token: "t0ken" }) }

  {
    "exec" => ["#{pod}/exec?command=id&stdout=true&stderr=true", ->(client) { client.exec("web", "shop", "id") }],
    "attach" => ["#{pod}/attach?stdout=true&stderr=true", ->(client) { client.attach("web", "shop") }],
    "port_forward" => ["#{pod}/portforward?ports=80", ->(client) { client.port_forward("web", "shop", 80) }]
  }.each do |name, (url, call)|
    context "of #{name}" do
      it "is one request in the calling thread, which WebMock refuses" do
        thread = nil
        WebMock.globally_stub_request { |_request| (thread = Thread.current) && nil }
        expect { call.call(client) }.to raise_error(WebMock::NetConnectNotAllowedError)

        expect(a_request(:get, url).with(headers: { "Authorization" => "Bearer t0ken", "Upgrade" => "websocket" })).to have_been_made.once
        expect(thread).to equal Thread.current
      ensure
        WebMock::StubRegistry.instance.global_stubs.clear
      end

      it "can be refused by a stub, with the error of the code" do
        stub_request(:get, url).to_return(status: 403).then.to_return(status: 404)
        expect { call.call(client) }.to raise_error(GitlabKube::ForbiddenError)
        expect { call.call(client) }.to raise_error(GitlabKube::ResourceNotFoundError)
      end

      it "can time out and raise" do
        stub_request(:get, url).to_timeout.then.to_raise(Errno::ECONNRESET)
        expect { call.call(client) }.to raise_error(GitlabKube::TimeoutError)
        expect { call.call(client) }.to raise_error(Errno::ECONNRESET)
      end

      it "cannot be granted by a stub: that is an answer which is no session" do
        [101, 200].each do |status|
          stub_request(:get, url).to_return(status: status, headers: { "Upgrade" => "websocket", "Connection" => "Upgrade" })
          expect { call.call(client) }.to raise_error(GitlabKube::InvalidResponseError)
        end
      end
    end
  end

  it "is a session where real connections are allowed, and a callback sees its opening" do
    WebMock.allow_net_connect!
    seen = []
    WebMock.after_request { |request, response| seen << [request.uri.path, response.status.first, response.body] }
    server = WebSocketServer.start do |socket|
      socket.write(WebSocketServer.message(1, "hello"), WebSocketServer.message(3, '{"status":"Success"}'))
    end

    expect(KubeServer.client(server).core_client.exec("web", "shop", "id").stdout).to eq "hello"
    expect(seen).to eq [["/api/v1/namespaces/shop/pods/web/exec", 101, ""]]
  ensure
    WebMock.reset_callbacks
    server.stop
  end
end
