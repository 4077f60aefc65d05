# frozen_string_literal: true

# A Rails application that still has its own Gitlab::Kubernetes, and opens this gem's door. Prints what came of it.
require "rails"
require "action_controller/railtie"
require "json"
require "rake"
require "gitlab_kube"
require "gitlab_kube/railtie"
require "gitlab_kube/gitlab" if ENV.fetch("DOOR") == "true"

LOG = StringIO.new
Settings = Struct.new(:allowlist) do
  def allow_local_requests_from_web_hooks_and_services? = true
  def dns_rebinding_protection_enabled? = true
  def deny_all_requests_except_allowed? = false
  alias_method :outbound_local_requests_allowlist, :allowlist
end

# Reloads, as development does.
class Application < Rails::Application
  config.load_defaults Rails::VERSION::STRING[/\A\d+\.\d+/] # Zeitwerk
  config.root = __dir__
  config.eager_load = ENV.fetch("EAGER_LOAD") == "true"
  config.cache_classes = false
  config.autoload_paths << "#{__dir__}/lib"
  config.eager_load_paths << "#{__dir__}/lib"
  config.secret_key_base = "0" * 64
  config.logger = Logger.new(LOG)
  config.gitlab_kube.replaces = ENV.fetch("REPLACES").split
  config.gitlab_kube.settings = -> { Settings.new(%w[10.0.0.1]) }
end

# What the names mean now.
def names
  kubernetes = Gitlab::Kubernetes
  own = [kubernetes::Own, kubernetes::Helm::V2::ResetCommand]
  {
    ours: [kubernetes::KubeClient, kubernetes::Helm::Pod] == [GitlabKube::KubeClient, GitlabKube::Helm::Pod],
    reopened: [kubernetes, kubernetes::KubeClient, kubernetes::Helm::Pod].any? { |space| space.const_defined?(:APPLICATIONS, false) },
    own: own.map(&:name), ids: own.map(&:object_id)
  }
end

# What `rake gitlab_kube:shadowed` says.
def rake
  Application.load_tasks
  was = $stdout
  $stdout = StringIO.new
  Rake::Task["gitlab_kube:shadowed"].invoke
  $stdout.string
ensure
  $stdout = was
end

# What the railtie wired.
def wired
  config = GitlabKube.config
  { allowlist: config.allowlist.call, local: config.local_requests_allowed.call, logger: config.logger.equal?(Rails.logger),
    guarded: Application.middleware.first.klass == GitlabKube::WebRequestGuard }
end

def report
  Application.initialize!
  return { rake: rake } if ENV.fetch("DOOR") == "false"

  first = names
  Rails.autoloaders.main.eager_load
  Application.reloader.reload!
  Rails.autoloaders.main.eager_load
  { first: first, reloaded: names, log: LOG.string, rake: rake, **wired }
rescue GitlabKube::Railtie::ShadowedFiles => e
  { raised: e.message }
end

puts JSON.generate(report.merge(rails: Rails.version))
