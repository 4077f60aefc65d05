# frozen_string_literal: true

require "json"
require "open3"
require "rbconfig"

RSpec.describe "A Rails application with the railtie" do
  app = File.expand_path("../support/rails/app.rb", __dir__)

  def answers(app, environment, *paths)
    printed, errors, status = Open3.capture3({ "RAILS_ENV" => environment }, RbConfig.ruby, app, *paths)
    raise errors unless status.success?

    JSON.parse(printed.lines.last)
  end

  it "refuses cluster calls in controllers, views, bodies and live streams, and lets the cache be read" do
    expect(answers(app, "test", "controller", "view", "body", "live", "allowed", "first_read", "later_read")).to eq(
      "controller" => "GitlabKube::ClusterCallInWebRequest", "view" => "GitlabKube::ClusterCallInWebRequest",
      "body" => "GitlabKube::ClusterCallInWebRequest", "live" => "GitlabKube::ClusterCallInWebRequest",
      "allowed" => "nil", "first_read" => "nothing yet", "later_read" => "nil, executor true"
    )
  end

  it "bounds them in production, and tells Rails' log" do
    seen = answers(app, "production", "controller", "log")
    expect(Float(seen["controller"])).to be_between(0.1, 0.5)
    expect(seen["log"]).to match(%r{a cluster is called in a web request: \S+spec/support/rails/app\.rb:\d+})
  end
end
