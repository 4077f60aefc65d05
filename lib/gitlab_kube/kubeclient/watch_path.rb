# frozen_string_literal: true

# Watches on the path that kubeclient asks.
module Kubeclient
  # `/watch/` is deprecated since Kubernetes 1.11 and still served; it is here because it is what programs written for kubeclient stub.
  module WatchPath
    # @param resource [String] such as "pods"
    # @param options [Hash] label_selector, field_selector, resource_version, …
    # @return [Common::WatchStream, nil] nil when a block was given and the watch has ended
    # @example
    #   client.watch("pods", namespace: "gitlab", name: "web-0").each { |notice| puts notice.type }
    def watch(resource, namespace: nil, name: nil, as: nil, **options, &block)
      return super unless @made_by_kubeclient # a KubeClient's own clients watch as they always do

      format = GitlabKube::DocumentFormat.check(as || @format)
      pairs = GitlabKube::Query.pairs(options, GitlabKube::Query::WATCH)
      stream = Common::WatchStream.new(->(event) { GitlabKube::DocumentFormat.notice(event, format) }) do
        request(:get, resource, namespace: namespace, name: name, watch: true, query: pairs, want: :stream)
      end
      block ? stream.each(&block) : stream
    end
  end

  GitlabKube::SubClient.prepend(WatchPath)
end
