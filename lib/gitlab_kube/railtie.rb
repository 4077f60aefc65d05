# frozen_string_literal: true

require_relative "reactive_caching"
require_relative "web_request_guard"

module GitlabKube
  # What a Rails application gets by loading the gem.
  class Railtie < ::Rails::Railtie
    initializer "gitlab_kube.logger", after: :initialize_logger do
      GitlabKube.config.logger ||= ::Rails.logger
    end

    # Outermost, so that the bodies of every other middleware are inside the request too.
    initializer "gitlab_kube.web_request_guard" do |app|
      app.middleware.insert_before 0, WebRequestGuard
    end
  end
end
