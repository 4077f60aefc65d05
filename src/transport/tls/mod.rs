//! Who the server has to be, and who we are: rustls, never weaker than asked for.

mod failure;
mod identity;
mod judge;
mod leaf;
mod roots;
mod verifier;

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::client::Resumption;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use tokio_rustls::{TlsConnector, client::TlsStream};

pub(crate) use failure::{of_io, of_rustls};
pub use judge::Judge;
pub use roots::Roots;

use crate::error::{Error, Kind, Result};
use crate::secret::Secret;

#[cfg(not(any(feature = "ring", feature = "fips")))]
compile_error!("choose the crypto provider: feature `ring` or `fips`");

/// What TLS is to check and to show.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The certificates that are believed.
    pub roots: Roots,
    /// Our own certificate chain and its key, both PEM.
    pub client_cert: Option<(Vec<u8>, Secret<Vec<u8>>)>,
    /// The name the certificate must have and SNI says, where it is not the URL's.
    pub server_name: Option<String>,
    /// Who decides.
    pub verify: Verify,
}

/// Who decides whether a certificate is believed.
#[derive(Clone, Debug)]
pub enum Verify {
    /// The [`Roots`].
    Roots,
    /// Somebody outside, before a request byte is sent.
    Judge(Arc<Judge>),
    /// Nobody. Only where the caller says `VERIFY_NONE` in so many words.
    None,
}

/// The two faces of one configuration; WebSocket exists over HTTP/1.1 only.
#[derive(Debug)]
struct Faces {
    offered: Arc<ClientConfig>,
    http1: Arc<ClientConfig>,
}

/// Makes TLS connections. Certificates and keys have been read; the system's roots are read at the first dial.
#[derive(Debug)]
pub(crate) struct Tls {
    settings: Settings,
    http2: bool,
    faces: OnceCell<Faces>,
}

impl Tls {
    /// Reads what it was given; a bad certificate or key is the caller's error.
    pub(crate) fn new(settings: Settings, http2: bool) -> Result<Self> {
        if let Some(name) = &settings.server_name {
            server_name(name)?;
        }
        let system = matches!((&settings.roots, &settings.verify), (Roots::Native, Verify::Roots));
        let faces = if system {
            identity::read(settings.client_cert.as_ref(), &provider())?;
            OnceCell::new()
        } else {
            OnceCell::new_with(Some(faces(&settings, http2)?))
        };
        Ok(Self { settings, http2, faces })
    }

    /// Shakes hands over `tcp` with whoever must be called `host`.
    pub(crate) async fn handshake(&self, host: &str, http1_only: bool, tcp: TcpStream) -> Result<TlsStream<TcpStream>> {
        let name = server_name(self.settings.server_name.as_deref().unwrap_or(host))?;
        let faces = self.faces.get_or_try_init(|| self.with_system_roots()).await?;
        let face = if http1_only { &faces.http1 } else { &faces.offered };
        TlsConnector::from(Arc::clone(face)).connect(name, tcp).await.map_err(|error| of_io(&error))
    }

    /// Reading them takes files, so it is kept off the runtime's workers.
    async fn with_system_roots(&self) -> Result<Faces> {
        let (settings, http2) = (self.settings.clone(), self.http2);
        let reading = tokio::task::spawn_blocking(move || faces(&settings, http2));
        reading.await.map_err(|_| Error::new(Kind::Internal, "the system's certificates could not be read"))?
    }
}

fn faces(settings: &Settings, http2: bool) -> Result<Faces> {
    let provider = provider();
    let identity = identity::read(settings.client_cert.as_ref(), &provider)?;
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|_| Error::new(Kind::Internal, "the TLS provider lacks a protocol version"))?
        .dangerous()
        .with_custom_certificate_verifier(verifier(settings, provider)?);
    let mut http1 = match identity {
        Some(identity) => builder.with_client_cert_resolver(identity),
        None => builder.with_no_client_auth(),
    };
    if matches!(settings.verify, Verify::Judge(_)) {
        http1.resumption = Resumption::disabled(); // a resumed session shows no chain, and a judge may have changed his mind
    }
    http1.alpn_protocols = vec![b"http/1.1".to_vec()];
    let mut offered = http1.clone();
    if http2 {
        offered.alpn_protocols.insert(0, b"h2".to_vec());
    }
    Ok(Faces { offered: Arc::new(offered), http1: Arc::new(http1) })
}

fn verifier(settings: &Settings, provider: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>> {
    Ok(match &settings.verify {
        Verify::Roots => Arc::new(verifier::ByRoots::new(&settings.roots, provider)?),
        Verify::Judge(judge) => Arc::new(verifier::ByJudge::new(Arc::clone(judge), provider)),
        Verify::None => Arc::new(verifier::Nobody::new(provider)),
    })
}

/// Never the process's default provider: the application may have installed another one.
fn provider() -> Arc<CryptoProvider> {
    #[cfg(feature = "fips")]
    let provider = rustls::crypto::default_fips_provider();
    #[cfg(all(feature = "ring", not(feature = "fips")))]
    let provider = rustls::crypto::ring::default_provider();
    Arc::new(provider)
}

/// SNI has no final dot (RFC 6066 §3) and an address has no brackets.
fn server_name(name: &str) -> Result<ServerName<'static>> {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    let bare = bare.strip_suffix('.').unwrap_or(bare);
    ServerName::try_from(bare.to_owned()).map_err(|_| Error::new(Kind::Argument, "the server name for TLS is no name"))
}
