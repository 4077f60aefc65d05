# frozen_string_literal: true

# A Rails application on Puma. Asks itself every path it is given and prints the answers: one JSON object.
$LOAD_PATH.unshift File.expand_path("../../../lib", __dir__)
require "rails"
require "action_controller/railtie"
require "action_view/railtie"
require "json"
require "gitlab_kube"
require "gitlab_kube/railtie"
require_relative "../puma_server"

LOG = StringIO.new

# Only what the railtie meets.
class Application < Rails::Application
  config.root = __dir__
  config.eager_load = false
  config.consider_all_requests_local = true
  config.hosts.clear if config.respond_to?(:hosts)
  config.secret_key_base = "0" * 64
  config.logger = Logger.new(LOG)
  routes.append do
    get "/log", to: ->(_env) { [200, {}, [LOG.string]] }
    get "/live", to: "live#live"
    get "/:action", controller: :pages
  end
end

# What a cluster call would meet.
def verdict
  GitlabKube::WebRequestGuard.check!.inspect
rescue GitlabKube::ClusterCallInWebRequest => e
  e.class.name
end

# A value from the background, and whether it was computed inside the executor.
class Page
  include GitlabKube::ReactiveCaching

  self.reactive_cache_work_type = :external_dependency
  self.reactive_cache_worker_finder = ->(*) { new }

  def id
    1
  end

  def calculate_reactive_cache
    "#{verdict}, executor #{Rails.application.executor.active?}"
  end
end

# One action for each place a cluster could be called from.
class PagesController < ActionController::Base
  def controller
    render plain: verdict
  end

  def view
    render inline: "<%= verdict %>"
  end

  def body
    self.response_body = Enumerator.new { |parts| parts << verdict }
  end

  def allowed
    render plain: GitlabKube::WebRequestGuard.allow_cluster_calls { verdict }
  end

  def first_read
    render plain: Page.new.with_reactive_cache || "nothing yet"
  end

  def later_read
    sleep 0.01 until (value = Page.new.with_reactive_cache)
    render plain: value
  end
end

# ActionController::Live runs the action in a thread of its own.
class LiveController < ActionController::Base
  include ActionController::Live

  def live
    response.stream.write(verdict)
  ensure
    response.stream.close
  end
end

Application.initialize!
server = PumaServer.new(Application, threads: 3)
puts JSON.generate(ARGV.to_h { |path| [path, server.get("/#{path}").body] })
server.close
