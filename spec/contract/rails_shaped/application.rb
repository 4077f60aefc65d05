# frozen_string_literal: true

# The application around the examples: one of the two clients under GitLab's names, WebMock on, and no DNS but what an example says.
require_relative "../support/examples"
require_relative "../support/implementation"
require_relative "settings"
require "webmock/rspec"

if Implementation.kubeclient?
  require_relative "gitlab_on_kubeclient"
  require_relative "../../../lib/gitlab_kube/rspec/kubernetes_helpers"
else
  require "gitlab_kube/gitlab"
  require "gitlab_kube/rspec"

  module Gitlab
    # What GitLab raises for an address it refuses.
    module UrlBlocker
      BlockedUrlError = Class.new(StandardError)
    end

    # What GitLab reports errors to.
    module ErrorTracking
      def self.track_exception(_error, **_context); end
    end
  end

  GitlabKube.configure do |config|
    config.local_requests_allowed = -> { Settings.allow_local_requests }
    config.dns_rebinding_protection = -> { Settings.dns_rebinding_protection }
    config.blocked_url_error = Gitlab::UrlBlocker::BlockedUrlError
    config.error_tracker = ->(error, **context) { Gitlab::ErrorTracking.track_exception(error, **context) }
  end
end

# DNS as examples need it.
module StubDns
  # @param url [String] whose host answers
  # @param ip_address [String] the one answer
  def stub_dns(url, ip_address:, port: nil)
    url = URI.parse(url)
    answer = Addrinfo.tcp(ip_address, port || url.port)
    allow(Addrinfo).to receive(:getaddrinfo).with(url.hostname, url.port, nil, :STREAM).and_return([answer])
  end
end

RSpec.configure do |config|
  config.include StubDns

  config.before do
    Settings.reset
    allow(Addrinfo).to receive(:getaddrinfo).with(anything, anything, nil, :STREAM).and_wrap_original do |original, host, *rest|
      IPAddr.new(host) && original.call(host, *rest)
    rescue IPAddr::InvalidAddressError
      []
    end
  end
end
