//! What went wrong in a TLS handshake, in our own words.

use std::fmt;
use std::io;
use std::sync::Arc;

use rustls::{AlertDescription, CertificateError, Error as Tls};

use crate::error::{Error, Kind};

/// A chain that nobody has judged yet; it travels through rustls as a certificate error.
#[derive(Debug)]
pub(super) struct Unjudged(pub(super) Arc<[Vec<u8>]>);

impl fmt::Display for Unjudged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nobody has judged this certificate chain yet")
    }
}

impl std::error::Error for Unjudged {}

/// A failed handshake: TLS's own reason if it has one, the connection's otherwise.
pub(crate) fn of_io(error: &io::Error) -> Error {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Tls>()) {
        Some(tls) => of_rustls(tls),
        None => Error::new(Kind::Reset, "the server closed the connection during the TLS handshake"),
    }
}

/// The same for rustls's own error.
pub(crate) fn of_rustls(error: &Tls) -> Error {
    let words = match error {
        Tls::InvalidCertificate(error) => return of_certificate(error),
        Tls::AlertReceived(alert) => of_alert(*alert),
        Tls::NoCertificatesPresented => "certificate verify failed: the server showed none",
        Tls::PeerIncompatible(_) | Tls::NoApplicationProtocol => {
            "the server and this client have no TLS version, cipher or protocol in common"
        }
        Tls::InvalidMessage(_) | Tls::InappropriateMessage { .. } | Tls::InappropriateHandshakeMessage { .. } => {
            "the server does not speak TLS"
        }
        _ => "the TLS handshake failed",
    };
    Error::new(Kind::Tls, words)
}

fn of_certificate(error: &CertificateError) -> Error {
    use CertificateError as E;
    let words = match error {
        E::Other(other) => match other.0.downcast_ref::<Unjudged>() {
            Some(Unjudged(chain)) => return unjudged(Arc::clone(chain)),
            None => "certificate verify failed: it is a CA, not a server's, or otherwise unfit",
        },
        E::Expired | E::ExpiredContext { .. } => "certificate verify failed: it has expired",
        E::NotValidYet | E::NotValidYetContext { .. } => "certificate verify failed: it is not yet valid",
        E::NotValidForName | E::NotValidForNameContext { .. } => "certificate verify failed: it has another name",
        E::UnknownIssuer => "certificate verify failed: unknown issuer",
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => "certificate verify failed: it is not meant for servers",
        E::BadSignature => "certificate verify failed: bad signature",
        E::Revoked => "certificate verify failed: it is revoked",
        E::BadEncoding => "certificate verify failed: it cannot be read",
        _ => "certificate verify failed",
    };
    Error::new(Kind::Tls, words)
}

fn unjudged(chain: Arc<[Vec<u8>]>) -> Error {
    Error::new(Kind::Unjudged, "certificate verify failed: nobody has judged the certificate chain yet")
        .with_chain(chain)
}

fn of_alert(alert: AlertDescription) -> &'static str {
    use AlertDescription as A;
    match alert {
        A::CertificateRequired => "the server asks for a client certificate",
        A::BadCertificate | A::UnsupportedCertificate | A::CertificateUnknown | A::UnknownCA => {
            "the server does not accept the client certificate"
        }
        A::CertificateExpired | A::CertificateRevoked => {
            "the server says that the client certificate is expired or revoked"
        }
        A::AccessDenied => "the server denies access in the TLS handshake",
        A::UnrecognisedName => "the server does not know the name we call it by",
        A::ProtocolVersion | A::InsufficientSecurity => {
            "the server and this client have no TLS version or cipher in common"
        }
        _ => "the server broke off the TLS handshake",
    }
}
