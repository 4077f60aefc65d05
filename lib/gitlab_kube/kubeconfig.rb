# frozen_string_literal: true

# Kubeconfigs that are read: what a context comes to, as a URL and options of a client.

require_relative "confidential"
require_relative "kubeconfig/source"
require_relative "kubeconfig/cluster_options"
require_relative "kubeconfig/user_options"

module GitlabKube
  # Kubeconfigs, read and written. A kubeconfig is somebody else's unless the caller says `trusted: true`: it can then name no file
  # and run no program, and its server and proxy are addresses of a user.
  module Kubeconfig
    module_function

    # The names of the contexts; GitLab's hold `/` and `:`.
    # @param given [String, Pathname, Array<Pathname>] see {KubeClient.from_kubeconfig}
    # @return [Array<String>]
    # @raise [InvalidArgumentError]
    # @example
    #   GitlabKube::Kubeconfig.contexts(Pathname(ENV.fetch("KUBECONFIG"))) # => ["group/project:agent"]
    def contexts(given, trusted: false)
      Source.read(given, trusted: trusted).contexts
    end

    # @param name [String, nil] the current context where nil
    # @return [Array(String, Hash)] the API URL, and the options of a client
    # @raise [InvalidArgumentError]
    # @api private
    def connection(given, name, trusted:)
      source = Source.read(given, trusted: trusted)
      context = Reading.new(find(source, "contexts", name || source.current_context || raise(InvalidArgumentError, NO_CONTEXT)), trusted)
      cluster = ClusterOptions.new(Reading.new(find(source, "clusters", context["cluster"]), trusted))
      user = UserOptions.new(Reading.new(user_entry(source, context["user"]), trusted), cluster)
      [cluster.server, options(cluster.to_h, user, context.text("namespace"))]
    end

    NO_CONTEXT = "the kubeconfig has no current-context: name one with context: (GitlabKube::Kubeconfig.contexts lists them)"
    private_constant :NO_CONTEXT

    # @api private
    def options(options, user, namespace)
      trust = options[:ssl_options].merge(user.ssl_options)
      options.merge(ssl_options: trust, auth_options: user.auth_options, impersonate: user.impersonate, namespace: namespace).compact
    end

    # @api private
    def find(source, section, name)
      source.find(section, name.to_s) || raise(InvalidArgumentError, "the kubeconfig has no such #{section.chomp('s')}")
    end

    # A context without a user is nobody, as in kubectl.
    # @api private
    def user_entry(source, name)
      name.to_s.empty? ? Source::Entry.new({}, nil) : find(source, "users", name)
    end
  end
end
