# frozen_string_literal: true

# The client of the examples: the cluster of KUBECONFIG, which whoever runs them trusts.
require "gitlab_kube"
require "yaml"

module Cluster
  module_function

  # @return [GitlabKube::KubeClient]
  def client(path = ENV.fetch("KUBECONFIG"), **options)
    config = YAML.safe_load(File.read(path))
    cluster = config.dig("clusters", 0, "cluster")
    user = config.dig("users", 0, "user")
    ssl = { ca: decode(cluster["certificate-authority-data"]), client_cert: decode(user["client-certificate-data"]),
            client_key: decode(user["client-key-data"]) }
    GitlabKube::KubeClient.for_operator(cluster["server"], **{ ssl_options: ssl }.merge(options))
  end

  # The same cluster, as the bearer of a token sees it.
  def client_with_token(token, path = ENV.fetch("KUBECONFIG"))
    ca = decode(YAML.safe_load(File.read(path)).dig("clusters", 0, "cluster", "certificate-authority-data"))
    client(path, ssl_options: { ca: ca }, auth_options: { bearer_token: token })
  end

  # A namespace of its own for the block, and gone with it.
  # @yieldparam client [GitlabKube::KubeClient]
  # @yieldparam name [String]
  def in_namespace
    admin = client
    name = "example-#{Process.pid}"
    admin.create_namespace(metadata: { name: name })
    sleep 0.05 while admin.core_client.get_service_accounts(namespace: name).empty? # pods need one, and it is made a moment later
    yield admin, name
  ensure
    admin&.delete_namespace(name)
  end

  def decode(text)
    text&.unpack1("m")
  end
end
