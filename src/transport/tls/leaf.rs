//! What we check of a server's own certificate where webpki does not get so far: dates, purpose, name.

use rustls::CertificateError;
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use x509_parser::prelude::{ASN1Time, FromDer, X509Certificate};

/// Refuses a certificate that is out of date, not meant for servers, or not for `name`.
///
/// webpki says `CaUsedAsEndEntity` before it looks at the extended key usage, so a self-signed server certificate that we
/// believe because it is in the bundle would get away with `clientAuth`.
pub(super) fn check(der: &CertificateDer<'_>, name: &ServerName<'_>, now: UnixTime) -> Result<(), rustls::Error> {
    let leaf = parse(der)?;
    dates(&leaf, now)?;
    purpose(&leaf)?;
    verify_server_name(&ParsedCertificate::try_from(der)?, name)
}

/// Issued by itself, by name: a root, or a server's home-made certificate.
pub(super) fn is_self_issued(der: &CertificateDer<'_>) -> bool {
    parse(der).is_ok_and(|leaf| leaf.subject().as_raw() == leaf.issuer().as_raw())
}

fn parse<'a>(der: &'a CertificateDer<'_>) -> Result<X509Certificate<'a>, CertificateError> {
    X509Certificate::from_der(der).map(|(_, leaf)| leaf).map_err(|_| CertificateError::BadEncoding)
}

fn dates(leaf: &X509Certificate<'_>, now: UnixTime) -> Result<(), CertificateError> {
    let seconds = i64::try_from(now.as_secs()).map_err(|_| CertificateError::Expired)?;
    let now = ASN1Time::from_timestamp(seconds).map_err(|_| CertificateError::Expired)?;
    match leaf.validity() {
        validity if now < validity.not_before => Err(CertificateError::NotValidYet),
        validity if now > validity.not_after => Err(CertificateError::Expired),
        _ => Ok(()),
    }
}

/// RFC 5280 §4.2.1.12: where the extension is, it must name serverAuth.
fn purpose(leaf: &X509Certificate<'_>) -> Result<(), CertificateError> {
    match leaf.extended_key_usage() {
        Ok(None) => Ok(()),
        Ok(Some(usage)) if usage.value.server_auth => Ok(()),
        Ok(Some(_)) => Err(CertificateError::InvalidPurpose),
        Err(_) => Err(CertificateError::BadEncoding),
    }
}
