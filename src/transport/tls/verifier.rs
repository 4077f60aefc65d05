//! The three ways to believe a server: by roots, by an outside judge, or not to ask.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};

use super::judge::Judge;
use super::roots::Roots;
use super::{failure::Unjudged, leaf};
use crate::error::{self, Kind};

type Verified = Result<ServerCertVerified, Error>;
type Signed = Result<HandshakeSignatureValid, Error>;

/// By roots, and by the very certificate where it signed itself and is one of them.
#[derive(Debug)]
pub(super) struct ByRoots {
    webpki: Arc<WebPkiServerVerifier>,
    certificates: Vec<CertificateDer<'static>>,
}

impl ByRoots {
    pub(super) fn new(roots: &Roots, provider: Arc<CryptoProvider>) -> error::Result<Self> {
        let certificates = roots.certificates()?;
        let anchors = Arc::new(roots.anchors(&certificates)?);
        let webpki = WebPkiServerVerifier::builder_with_provider(anchors, provider)
            .build()
            .map_err(|_| error::Error::new(Kind::Argument, "the CA bundle has no usable certificate in it"))?;
        Ok(Self { webpki, certificates })
    }
}

impl ServerCertVerifier for ByRoots {
    fn verify_server_cert(
        &self,
        end: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Verified {
        let verdict = self.webpki.verify_server_cert(end, between, name, ocsp, now);
        if verdict.is_err() && self.certificates.contains(end) && leaf::is_self_issued(end) {
            return leaf::check(end, name, now).map(|()| ServerCertVerified::assertion());
        }
        verdict
    }

    fn verify_tls12_signature(&self, message: &[u8], cert: &CertificateDer<'_>, dss: &DigitallySignedStruct) -> Signed {
        self.webpki.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(&self, message: &[u8], cert: &CertificateDer<'_>, dss: &DigitallySignedStruct) -> Signed {
        self.webpki.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.webpki.supported_verify_schemes()
    }
}

/// By an outside judge: he decides about trust; signatures, dates, purpose and name are checked here all the same.
#[derive(Debug)]
pub(super) struct ByJudge {
    judge: Arc<Judge>,
    provider: Arc<CryptoProvider>,
}

impl ByJudge {
    pub(super) fn new(judge: Arc<Judge>, provider: Arc<CryptoProvider>) -> Self {
        Self { judge, provider }
    }
}

impl ServerCertVerifier for ByJudge {
    fn verify_server_cert(
        &self,
        end: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Verified {
        leaf::check(end, name, now)?;
        let chain: Arc<[Vec<u8>]> = std::iter::once(end).chain(between).map(|der| der.to_vec()).collect();
        match self.judge.verdict(&chain, &name.to_str()) {
            Some(true) => Ok(ServerCertVerified::assertion()),
            Some(false) => Err(CertificateError::UnknownIssuer.into()),
            None => Err(CertificateError::Other(OtherError(Arc::new(Unjudged(chain)))).into()),
        }
    }

    fn verify_tls12_signature(&self, message: &[u8], cert: &CertificateDer<'_>, dss: &DigitallySignedStruct) -> Signed {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(&self, message: &[u8], cert: &CertificateDer<'_>, dss: &DigitallySignedStruct) -> Signed {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Not to ask: `VERIFY_NONE`. A signature by a certificate that nobody checked says nothing, so it is not read either;
/// reading it would refuse the X.509v1 certificates that OpenSSL lets pass here.
#[derive(Debug)]
pub(super) struct Nobody {
    provider: Arc<CryptoProvider>,
}

impl Nobody {
    pub(super) fn new(provider: Arc<CryptoProvider>) -> Self {
        Self { provider }
    }
}

impl ServerCertVerifier for Nobody {
    fn verify_server_cert(
        &self,
        _end: &CertificateDer<'_>,
        _between: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Verified {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(&self, _: &[u8], _: &CertificateDer<'_>, _: &DigitallySignedStruct) -> Signed {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(&self, _: &[u8], _: &CertificateDer<'_>, _: &DigitallySignedStruct) -> Signed {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
