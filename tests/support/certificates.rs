//! Certificates, good and bad, made for one test each.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;

/// A certificate authority.
pub struct Authority {
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key.
pub struct Identity {
    pub der: CertificateDer<'static>,
    pub pem: String,
    pub key: KeyPair,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap();
        Self { pem: certificate.pem(), issuer: Issuer::new(params, key) }
    }

    /// A server's certificate for `names`, changed as the test wants it.
    pub fn server(&self, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Identity {
        let mut params = server_params(names);
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity { der: certificate.der().clone(), pem: certificate.pem(), key }
    }

    /// TLS of a server that shows `between` authorities between itself and this one.
    pub fn chain(&self, between: usize, name: &str) -> Arc<ServerConfig> {
        let mut shown = Vec::new();
        let mut last: Option<Issuer<'static, KeyPair>> = None;
        for n in 0..between {
            let key = KeyPair::generate().unwrap();
            let mut params = CertificateParams::default();
            params.distinguished_name.push(DnType::CommonName, format!("between {n}"));
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let issuer = last.as_ref().unwrap_or(&self.issuer);
            shown.insert(0, params.signed_by(&key, issuer).unwrap().der().clone());
            last = Some(Issuer::new(params, key));
        }
        let key = KeyPair::generate().unwrap();
        let leaf = server_params(&[name]).signed_by(&key, last.as_ref().unwrap_or(&self.issuer)).unwrap();
        shown.insert(0, leaf.der().clone());
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        finish(builder().with_no_client_auth().with_single_cert(shown, key).unwrap(), &[])
    }

    /// A client's certificate for this key.
    pub fn client(&self, key: KeyPair) -> Identity {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "system:admin");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity { der: certificate.der().clone(), pem: certificate.pem(), key }
    }
}

/// A server's certificate that signed itself.
pub fn self_signed(names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Identity {
    let mut params = server_params(names);
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    Identity { der: certificate.der().clone(), pem: certificate.pem(), key }
}

fn server_params(names: &[&str]) -> CertificateParams {
    let mut params = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
}

impl Identity {
    fn private_key(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::try_from(self.key.serialize_der()).unwrap()
    }

    /// A server's TLS with this identity and these protocols.
    pub fn serve(&self, protocols: &[&str]) -> Arc<ServerConfig> {
        let builder = builder().with_no_client_auth();
        finish(builder.with_single_cert(vec![self.der.clone()], self.private_key()).unwrap(), protocols)
    }

    /// The same, for clients with a certificate of `authority` only.
    pub fn serve_only_to(&self, authority: &Authority) -> Arc<ServerConfig> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(authority.issuer_der()).unwrap();
        let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider()).build().unwrap();
        let builder = builder().with_client_cert_verifier(clients);
        finish(builder.with_single_cert(vec![self.der.clone()], self.private_key()).unwrap(), &["http/1.1"])
    }

    /// A server's TLS with this certificate and somebody else's key.
    pub fn serve_with_key_of(&self, other: &Identity) -> Arc<ServerConfig> {
        let key = provider().key_provider.load_private_key(other.private_key()).unwrap();
        let certified = rustls::sign::CertifiedKey::new(vec![self.der.clone()], key);
        let resolver = rustls::sign::SingleCertAndKey::from(certified);
        finish(builder().with_no_client_auth().with_cert_resolver(Arc::new(resolver)), &["http/1.1"])
    }
}

impl Authority {
    fn issuer_der(&self) -> CertificateDer<'static> {
        use rustls::pki_types::pem::PemObject;
        CertificateDer::from_pem_slice(self.pem.as_bytes()).unwrap()
    }
}

fn provider() -> Arc<CryptoProvider> {
    #[cfg(feature = "fips")]
    let provider = rustls::crypto::default_fips_provider();
    #[cfg(not(feature = "fips"))]
    let provider = rustls::crypto::ring::default_provider();
    Arc::new(provider)
}

fn builder() -> rustls::ConfigBuilder<ServerConfig, rustls::WantsVerifier> {
    ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().unwrap()
}

fn finish(mut config: ServerConfig, protocols: &[&str]) -> Arc<ServerConfig> {
    config.alpn_protocols = protocols.iter().map(|p| p.as_bytes().to_vec()).collect();
    Arc::new(config)
}
