//! What a client is made with; equal options share connections.

use std::path::PathBuf;
use std::sync::Arc;

use crate::error::{Error, Kind, Result};
use crate::limits::{Limits, Timeouts};
use crate::policy::{Endpoint, Origin, Policy, Settings, SystemResolver};
use crate::secret::Secret;
use crate::transport::{self, proxy::Proxy, tls};

/// Who the server is believed to be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Trust {
    /// The certificates of this PEM bundle, all of them.
    Pem(Vec<u8>),
    /// The system's certificates (`SSL_CERT_FILE` and `SSL_CERT_DIR` are heard, as OpenSSL does).
    System,
    /// Somebody outside judges: a foreign certificate store, known by a number.
    Judged(u64),
    /// Anybody: only where the caller says `VERIFY_NONE`.
    Anybody,
}

/// Who we are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Credentials {
    /// Nobody, or whom the client certificate names.
    None,
    /// `Authorization: Bearer …`.
    Bearer(Secret),
    /// A file with a token, which is replaced from time to time (Kubernetes does so every hour).
    BearerFile(PathBuf),
    /// `Authorization: Basic …`, already encoded.
    Basic(Secret),
    /// The application is asked; a number tells one provider from another.
    Asked(u64),
}

impl Credentials {
    /// The header's value where it never changes; `None` where it has to be asked for.
    pub(crate) fn fixed(&self) -> Option<Option<Secret>> {
        match self {
            Self::None => Some(None),
            Self::Bearer(token) => Some(Some(Secret::new(format!("Bearer {}", token.expose())))),
            Self::Basic(encoded) => Some(Some(Secret::new(format!("Basic {}", encoded.expose())))),
            Self::BearerFile(_) | Self::Asked(_) => None,
        }
    }

    /// The token of the file as it is now. Whoever writes token files ends them with a newline; a header can't have one.
    pub(crate) fn read(&self) -> Option<Result<Secret>> {
        let Self::BearerFile(path) = self else { return None };
        let unreadable = |_| Error::new(Kind::Argument, "the token file cannot be read");
        Some(
            std::fs::read_to_string(path)
                .map_err(unreadable)
                .map(|text| Secret::new(format!("Bearer {}", text.trim()))),
        )
    }
}

/// Everything a client is made with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// The API URL, with the path prefix it may have.
    pub url: String,
    /// Whose address it is.
    pub origin: Origin,
    /// Who the server is believed to be.
    pub trust: Trust,
    /// Certificate chain and key, PEM.
    pub client_cert: Option<(Vec<u8>, Secret<Vec<u8>>)>,
    /// The name the certificate must have, where it is not the URL's.
    pub server_name: Option<String>,
    /// The proxy to go through.
    pub proxy: Option<Proxy>,
    /// How long each phase may take.
    pub timeouts: Timeouts,
    /// How much may come.
    pub limits: Limits,
    /// Who we are.
    pub credentials: Credentials,
    /// Headers of every request.
    pub headers: Vec<(String, Secret)>,
    /// Whether HTTP/2 is offered.
    pub http2: bool,
}

impl Options {
    /// Options for `url` with everything else as it is by default.
    pub fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            origin: Origin::User,
            trust: Trust::System,
            client_cert: None,
            server_name: None,
            proxy: None,
            timeouts: Timeouts::default(),
            limits: Limits::default(),
            credentials: Credentials::None,
            headers: Vec::new(),
            http2: true,
        }
    }

    pub(crate) fn policy(&self, endpoint: &Endpoint, settings: &Settings) -> Policy {
        match self.origin {
            Origin::User => Policy::user(settings.clone()),
            Origin::Operator => Policy::operator(endpoint),
        }
    }

    /// The connector these options ask for, which asks `names`; an error says which of them is wrong.
    pub(crate) fn transport(&self, names: &SystemResolver) -> Result<(transport::Transport, Option<Arc<tls::Judge>>)> {
        let (roots, verify, judge) = match &self.trust {
            Trust::Pem(pem) => (tls::Roots::Pem(pem.clone()), tls::Verify::Roots, None),
            Trust::System => (tls::Roots::Native, tls::Verify::Roots, None),
            Trust::Anybody => (tls::Roots::Native, tls::Verify::None, None),
            Trust::Judged(_) => {
                let judge = Arc::new(tls::Judge::default());
                (tls::Roots::Native, tls::Verify::Judge(Arc::clone(&judge)), Some(judge))
            }
        };
        let transport = transport::Transport::new(transport::Config {
            tls: tls::Settings {
                roots,
                client_cert: self.client_cert.clone(),
                server_name: self.server_name.clone(),
                verify,
            },
            proxy: self.proxy.clone(),
            timeouts: self.timeouts.clone(),
            limits: self.limits.clone(),
            resolver: Arc::new(names.clone()),
            http2: self.http2,
        })?;
        Ok((transport, judge))
    }
}
