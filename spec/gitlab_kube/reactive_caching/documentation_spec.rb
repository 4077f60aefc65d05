# frozen_string_literal: true

require "open3"
require "rbconfig"
require "gitlab_kube"
require_relative "../../support/kube_server"

RSpec.describe "docs/reactive-caching.md" do
  root = File.expand_path("../../..", __dir__)

  it "has an example that runs" do
    pods = KubeServer.json({ kind: "PodList", items: [{ metadata: { name: "web-1" } }, { metadata: { name: "web-2" } }] })
    server = KubeServer.start { pods }
    example = File.read("#{root}/docs/reactive-caching.md")[/^```ruby\n(.*?)^```/m, 1]
    program = "require 'gitlab_kube'; GitlabKube.config.local_requests_allowed = true # the cluster is on loopback here\n#{example}"
    environment = { "API_URL" => server.url, "API_TOKEN" => "secret" }
    printed, status = Open3.capture2e(environment, RbConfig.ruby, "-W", "-I#{root}/lib", "-e", program)
    expect(printed).to eq(%(nil\n["web-1", "web-2"]\n))
    expect(status).to be_success
    expect(server.seen.map { |request| request.headers["authorization"] }.uniq).to eq(["Bearer secret"])
  ensure
    server.stop
  end
end
