# frozen_string_literal: true

# Watches on the path that kubeclient asks.
module Kubeclient
  # `/watch/` is deprecated since Kubernetes 1.11 and still served; it is here because it is what programs written for kubeclient stub.
  module WatchPath
    # What no program written for kubeclient says.
    OWN = %i[resume idle metadata_only].freeze
    private_constant :OWN

    # @param resource [String] such as "pods"
    # @param options [Hash] label_selector, field_selector, resource_version, …; with resume, idle or metadata_only, which kubeclient does
    #   not have, it is the watch of {GitlabKube::Watches#watch}, on its path
    # @return [Common::WatchStream, nil] nil when a block was given and the watch has ended
    # @example
    #   client.watch("pods", namespace: "gitlab", name: "web-0").each { |notice| puts notice.type }
    def watch(resource, namespace: nil, name: nil, as: nil, **options, &block)
      # A KubeClient's own clients watch as they always do.
      return super unless @made_by_kubeclient && OWN.none? { |key| options.key?(key) }

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
