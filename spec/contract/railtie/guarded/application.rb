# frozen_string_literal: true

# A Rails application whose controllers and views call a cluster. Prints what each of them got through a real Puma.
require "rails"
require "action_controller/railtie"
require "json"
require "gitlab_kube"
require "gitlab_kube/railtie"
require_relative "../../../support/puma_server"

CLIENT = GitlabKube::KubeClient.for_operator(ENV.fetch("API_URL"))
FETCHED = CLIENT.get_pods(namespace: "web")
LAZY = FETCHED.lazy.map { |pod| pod.metadata.name }
PAGES = CLIENT.core_client.each_page("pods", namespace: "web", limit: 1)

# What a call to a cluster meets here.
module Verdict
  def verdict
    yield
  rescue GitlabKube::ClusterCallInWebRequest
    "refused"
  end
end

# A reader of the cache.
class CachedPods
  include GitlabKube::ReactiveCaching
  self.reactive_cache_work_type = :external_dependency
  self.reactive_cache_worker_finder = ->(_id) { new }

  def id = 1
  def calculate_reactive_cache = CLIENT.get_pods(namespace: "web")
end

# One action for each place.
class PlacesController < ActionController::Base
  include Verdict
  helper Verdict

  VIEWS = {
    "call_in_view" => "<%= verdict { CLIENT.get_pods(namespace: 'web').size } %>",
    "fetched_in_view" => "<% FETCHED.each do |pod| %><%= pod.metadata.name %> <% end %>",
    "lazy_in_view" => "<%= verdict { LAZY.first } %>",
    "pages_in_view" => "<%= verdict { PAGES.first.size } %>",
    "cached_in_view" => "<%= CachedPods.new.with_reactive_cache { |pods| pods.first.metadata.name } %>"
  }.freeze

  VIEWS.each { |name, template| define_method(name) { render inline: template } }

  def call_in_controller
    render plain: verdict { CLIENT.get_pods(namespace: "web").size }
  end

  def call_in_fiber
    render plain: Fiber.new { verdict { CLIENT.get_pods(namespace: "web").size } }.resume
  end

  def call_in_thread
    render plain: Thread.new { verdict { CLIENT.get_pods(namespace: "web").size } }.value
  end

  def call_in_streamed_body
    self.response_body = Enumerator.new { |parts| 2.times { parts << "#{verdict { CLIENT.get_pods(namespace: 'web').size }} " } }
  end
end

# An action in a thread of its own.
class LiveController < ActionController::Base
  include ActionController::Live
  include Verdict

  def call_in_live
    response.stream.write(verdict { CLIENT.get_pods(namespace: "web").size }.to_s)
  ensure
    response.stream.close
  end
end

# Its routes are the actions.
class Guarded < Rails::Application
  config.load_defaults Rails::VERSION::STRING[/\A\d+\.\d+/]
  config.root = __dir__
  config.eager_load = false
  config.hosts.clear
  config.secret_key_base = "0" * 64
  config.logger = Logger.new(nil)
end

Guarded.initialize!
Guarded.routes.draw { [PlacesController, LiveController].each { |one| one.action_methods.each { |name| get name, to: one.action(name) } } }
CachedPods.new.with_reactive_cache
sleep 0.01 until CachedPods.new.with_reactive_cache
puma = PumaServer.new(Guarded)
puts JSON.generate(ARGV.to_h { |action| [action, puma.get("/#{action}").body] })
puma.close
