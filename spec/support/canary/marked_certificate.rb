# frozen_string_literal: true

require "openssl"

# A certificate with a marker wherever there is a place for a name.
module MarkedCertificate
  # @return [Array(OpenSSL::X509::Certificate, OpenSSL::PKey)]
  def self.make(marker)
    key = OpenSSL::PKey::EC.generate("prime256v1")
    certificate = OpenSSL::X509::Certificate.new
    certificate.version = 2
    certificate.serial = 1
    certificate.subject = certificate.issuer = OpenSSL::X509::Name.new([["CN", marker], ["O", marker]])
    certificate.not_before = Time.now - 60
    certificate.not_after = Time.now + 3600
    certificate.public_key = key
    certificate.add_extension(OpenSSL::X509::ExtensionFactory.new.create_extension("subjectAltName", "DNS:#{marker}.example.com"))
    [certificate.sign(key, "SHA256"), key]
  end
end
