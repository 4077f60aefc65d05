# frozen_string_literal: true

# A certificate authority of one minute's life, with a server for localhost and a client below it.
require "openssl"
require "tempfile"

class Pki
  attr_reader :ca, :server, :client

  def initialize
    @key = OpenSSL::PKey::EC.generate("prime256v1")
    @ca = issue("/CN=authority #{rand(2**64)}", @key, nil, "basicConstraints" => "CA:TRUE", "keyUsage" => "keyCertSign")
    @server = pair("/CN=localhost", "subjectAltName" => "DNS:localhost,IP:127.0.0.1", "extendedKeyUsage" => "serverAuth")
    @client = pair("/CN=client", "extendedKeyUsage" => "clientAuth")
  end

  # @return [String] a path, which lives as long as this object
  def ca_file
    @ca_file ||= Tempfile.new("ca").tap { |file| file.write(ca.to_pem) && file.flush }
    @ca_file.path
  end

  def store
    OpenSSL::X509::Store.new.tap { |store| store.add_cert(ca) }
  end

  # @param client_certificate [Boolean] whether the server wants one
  # @return [OpenSSL::SSL::SSLContext]
  def context(client_certificate: false)
    OpenSSL::SSL::SSLContext.new.tap do |context|
      context.cert, context.key = server
      context.cert_store = store
      context.session_id_context = "parity" # else OpenSSL refuses every resumed session
      context.verify_mode = OpenSSL::SSL::VERIFY_PEER | OpenSSL::SSL::VERIFY_FAIL_IF_NO_PEER_CERT if client_certificate
    end
  end

  private

  def pair(subject, extensions)
    key = OpenSSL::PKey::EC.generate("prime256v1")
    [issue(subject, key, ca, extensions), key]
  end

  def issue(subject, key, issuer, extensions)
    certificate = OpenSSL::X509::Certificate.new
    certificate.version = 2
    certificate.serial = rand(1..(2**64))
    certificate.subject = OpenSSL::X509::Name.parse(subject)
    certificate.issuer = issuer ? issuer.subject : certificate.subject
    certificate.public_key = key
    certificate.not_before = Time.now - 60
    certificate.not_after = Time.now + 3600
    factory = OpenSSL::X509::ExtensionFactory.new(issuer || certificate, certificate)
    extensions.each { |name, value| certificate.add_extension(factory.create_extension(name, value, name == "basicConstraints")) }
    certificate.sign(@key, "SHA256")
  end
end
