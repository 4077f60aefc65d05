# frozen_string_literal: true

# The seam: what it costs a 1 kB GET when nobody uses it, and what WebMock costs when it is loaded, on, and answering
require "json"
require_relative "support/contest"
require_relative "support/server"

CALLS = 300
PATH = "/api/v1/namespaces/n1/pods/x"
server = Bench::Server.new
report = Bench::Report.new("seam")

# There is no client without the seam to compare with, so its own code is timed: what Connection does for it in each call, over a loop
# that does nothing. In Rust a call then tests one boolean for each step, of which there are two.
own = lambda do |times|
  empty = Bench.seconds { times.times { nil } }
  whole = Bench.seconds do
    times.times do
      interceptor = GitlabKube.interceptor
      { intercepted: !interceptor.nil?, total: nil }
    end
  end
  (whole - empty) / times
end

under_webmock = lambda do |&prepare|
  lambda do
    client = server.native
    require "webmock"
    require "gitlab_kube/webmock"
    WebMock.enable!
    prepare.call
    -> { CALLS.times { client.get_pod("x", "n1") } && nil }
  end
end
contest = Bench::Contest.new(rounds: 7)
contest.entrant("unused") do
  client = server.native
  -> { CALLS.times { client.get_pod("x", "n1") } && { own: own.call(100_000) } }
end
contest.entrant("WebMock loaded, off", &under_webmock.call { WebMock.disable! })
contest.entrant("WebMock on, real connections allowed", &under_webmock.call { WebMock.allow_net_connect! })
contest.entrant("WebMock on, stubbed", &under_webmock.call do
  WebMock.stub_request(:get, "#{server.url}/api/v1").to_return(body: '{"resources":[{"name":"pods","kind":"Pod","namespaced":true}]}')
  WebMock.stub_request(:get, server.url + PATH).to_return(body: JSON.generate(metadata: { name: "x", labels: { a: "b" * 900 } }))
end)

results = contest.run
get = results.fetch("unused").median / CALLS
own = Bench.median(results.fetch("unused").rounds.map { |round| round[:extra][:own] })
report.note("1 kB GET, ms", (get * 1000).round(4))
report.note("the seam's own code, µs", (own * 1_000_000).round(4))
report.bar("the unused seam, share of a 1 kB GET", own / get * 100, at_most: 1, unit: " %")
results.each do |name, result|
  report.note("1 kB GET, #{name}, over unused", (result.median / CALLS / get).round(2)) unless name == "unused"
end
report.save
