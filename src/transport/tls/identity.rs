//! Who we are to the server: a certificate chain and its key.

use std::sync::Arc;

use rustls::client::ResolvesClientCert;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};

use crate::error::{Error, Kind, Result};
use crate::secret::Secret;

type Pem = (Vec<u8>, Secret<Vec<u8>>);

/// Reads chain and key and checks that they belong together.
pub(super) fn read(pem: Option<&Pem>, provider: &CryptoProvider) -> Result<Option<Arc<dyn ResolvesClientCert>>> {
    let Some((chain, key)) = pem else { return Ok(None) };
    let chain = certificates(chain)?;
    let certified =
        CertifiedKey::from_der(chain, private_key(key.expose())?, provider).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => bad("the client certificate and its key do not belong together"),
            _ => bad("the key of the client certificate is of a kind that this build cannot use"),
        })?;
    Ok(Some(Arc::new(SingleCertAndKey::from(certified))))
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    let chain = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| bad("the client certificate is not PEM"))?;
    if chain.is_empty() {
        return Err(bad("the client certificate has no certificate in it"));
    }
    Ok(chain)
}

/// PKCS#8, PKCS#1 or SEC1. An encrypted one would need a password that nobody gave.
fn private_key(pem: &[u8]) -> Result<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|_| match memchr::memmem::find(pem, b"ENCRYPTED") {
        Some(_) => bad("the key of the client certificate is encrypted"),
        None => bad("the key of the client certificate is not a PEM private key"),
    })
}

fn bad(words: &'static str) -> Error {
    Error::new(Kind::Argument, words)
}
