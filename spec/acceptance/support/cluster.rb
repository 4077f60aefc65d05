# frozen_string_literal: true

require "gitlab_kube"
require_relative "../../support/test_cluster"

# One real control plane for all acceptance specs, and a namespace for each of them.
module AcceptanceCluster
  @number = 0

  module_function

  # @return [TestCluster] started when first asked for; it ends with this process
  def running
    @running ||= TestCluster.start
  end

  # @param ssl [Hash] ca, cert_store, client_cert, client_key in place of the administrator's
  def client(auth_options: {}, **ssl)
    GitlabKube::KubeClient.for_operator(running.server, auth_options: auth_options, ssl_options: running.ssl_options.merge(ssl).compact)
  end

  # @return [String] the name of a new namespace, with all that Kubernetes itself puts there a moment later
  def namespace(client)
    name = "spec-#{@number += 1}"
    client.create_namespace(metadata: { name: name })
    eventually { client.get_service_account("default", name) && client.get_config_map("kube-root-ca.crt", name) }
    name
  end

  # Asks until the answer is true; nothing here is timed, so the bound is generous.
  def eventually(seconds = 30)
    deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + seconds
    loop do
      done = begin
        yield
      rescue GitlabKube::ResourceNotFoundError
        false
      end
      return done if done
      raise "not within #{seconds} s" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > deadline

      sleep 0.02
    end
  end

  # @return [String] PEM of a certificate that nobody's bundle needs
  def self_signed
    key = OpenSSL::PKey::EC.generate("prime256v1")
    OpenSSL::X509::Certificate.new.tap do |certificate|
      certificate.version = 2
      certificate.serial = 7
      certificate.subject = certificate.issuer = OpenSSL::X509::Name.parse("/CN=somebody-else")
      certificate.public_key = key
      certificate.not_before = Time.now - 60
      certificate.not_after = Time.now + 3600
      certificate.add_extension(OpenSSL::X509::ExtensionFactory.new.create_extension("basicConstraints", "CA:TRUE", true))
      certificate.sign(key, OpenSSL::Digest.new("SHA256"))
    end.to_pem
  end
end
