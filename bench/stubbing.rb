# frozen_string_literal: true

# Stubbing: what a 1 kB GET costs with WebMock not there, there and letting requests pass, and stubbing them
require_relative "support/contest"
require_relative "support/server"

server = Bench::Server.new
report = Bench::Report.new("stubbing")
url = "#{server.url}/api/v1/namespaces/n1/pods/x"
body = server.http.get("/api/v1/namespaces/n1/pods/x").body
webmock = lambda do |door|
  require "webmock"
  require door
  WebMock.enable!
  WebMock.allow_net_connect!
end
stub = lambda do
  WebMock.disable_net_connect!
  WebMock::API.stub_request(:get, url).to_return(body: body, headers: { "Content-Type" => "application/json" })
end

contest = Bench::Contest.new(rounds: 7)
{ "native" => [:native, "gitlab_kube/webmock"], "kubeclient" => [:kubeclient, "webmock"] }.each do |name, (maker, door)|
  gets = lambda do |prepare|
    client = server.public_send(maker)
    client.get_pod("x", "n1")
    prepare.call
    -> { 300.times { client.get_pod("x", "n1") } && WebMockRequests.forget }
  end
  contest.entrant("#{name}, no WebMock") { gets.call(-> {}) }
  contest.entrant("#{name}, WebMock lets it pass") { gets.call(-> { webmock.call(door) }) }
  contest.entrant("#{name}, stubbed") { gets.call(-> { webmock.call(door) && stub.call }) }
end

# WebMock remembers each request it has seen; a suite forgets them after each example.
module WebMockRequests
  def self.forget
    WebMock::RequestRegistry.instance.reset! if defined?(WebMock)
    nil
  end
end

results = contest.run
report.table("300 GETs of 1 kB", results)
ms = ->(name) { results.fetch(name).median * 10 / 3 }
%w[native kubeclient].each do |name|
  rows = ["no WebMock", "WebMock lets it pass", "stubbed"].select { |way| results.key?("#{name}, #{way}") }
  report.note("#{name}, ms a GET", rows.to_h { |way| [way, ms["#{name}, #{way}"].round(3)] }.inspect)
end
report.save
