# frozen_string_literal: true

require "json"
require "open3"
require "rbconfig"
require_relative "../../support/kube_server"

RSpec.describe "A Rails application with the railtie" do
  # Two pages of one pod each.
  def list(path)
    continue = path.include?("limit") && !path.include?("continue") ? { continue: "next" } : {}
    KubeServer.json({ kind: "PodList", metadata: continue, items: [{ metadata: { namespace: "web", name: "web-1" } }] })
  end

  let!(:server) { KubeServer.start { |request| list(request.path) } }

  after { server.stop }

  # A process of its own: a Rails application is one per process.
  def answers(actions)
    program = File.expand_path("guarded/application.rb", __dir__)
    lib = File.expand_path("../../../lib", __dir__)
    environment = { "RAILS_ENV" => "test", "API_URL" => server.url }
    printed, errors, status = Open3.capture3(environment, RbConfig.ruby, "-I", lib, program, *actions)
    raise errors unless status.success?

    JSON.parse(printed.lines.last)
  end

  it "refuses what a page would fetch, wherever it is, and lets it touch what has been fetched" do
    refused = %w[call_in_controller call_in_view call_in_fiber call_in_live pages_in_view].to_h { |action| [action, "refused"] }
    threads = { "call_in_thread" => RUBY_VERSION >= "3.2" ? "refused" : "1" } # on 3.1 a thread does not know who made it
    free = { "fetched_in_view" => "web-1 ", "lazy_in_view" => "web-1", "cached_in_view" => "web-1" }
    expected = { **refused, **threads, **free, "call_in_streamed_body" => "refused refused " }

    expect(answers(expected.keys)).to eq(expected)
    expect(server.seen.count { |request| request.path.include?("/pods") }).to eq(RUBY_VERSION >= "3.2" ? 2 : 3)
  end
end
