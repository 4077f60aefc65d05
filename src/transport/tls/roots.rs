//! The certificates that are believed: all of a bundle, or the system's.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::error::{Error, Kind, Result};

/// Where the believed certificates come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Roots {
    /// Every certificate of this PEM bundle; comments between them are fine.
    Pem(Vec<u8>),
    /// The system's, read at the first dial. As with OpenSSL, `SSL_CERT_FILE` and `SSL_CERT_DIR` replace them.
    Native,
}

impl Roots {
    /// The certificates themselves.
    pub(super) fn certificates(&self) -> Result<Vec<CertificateDer<'static>>> {
        let found = match self {
            Self::Pem(pem) => CertificateDer::pem_slice_iter(pem)
                .collect::<Result<Vec<_>, _>>()
                .map_err(|_| Error::new(Kind::Argument, "the CA bundle is not PEM"))?,
            Self::Native => rustls_native_certs::load_native_certs().certs,
        };
        match found.is_empty() {
            true => Err(Error::new(Kind::Argument, self.empty())),
            false => Ok(found),
        }
    }

    /// Trust anchors. One bad certificate of ours is an error; one of the system's hundreds is not ours to repair.
    pub(super) fn anchors(&self, certificates: &[CertificateDer<'static>]) -> Result<RootCertStore> {
        let mut anchors = RootCertStore::empty();
        for certificate in certificates {
            let added = anchors.add(certificate.clone());
            if added.is_err() && matches!(self, Self::Pem(_)) {
                return Err(Error::new(Kind::Argument, "a certificate of the CA bundle cannot be read"));
            }
        }
        Ok(anchors)
    }

    fn empty(&self) -> &'static str {
        match self {
            Self::Pem(_) => "the CA bundle has no certificate in it",
            Self::Native => "the system has no CA certificates, and no CA was given",
        }
    }
}
