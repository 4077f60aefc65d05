//! One object for all API groups: options in, calls out.

mod drive;
mod endpoints;
mod key;
mod options;
mod receive;
mod rows;
mod stream;
mod upgrade;

pub use drive::Outcome;
pub use endpoints::{Endpoints, Live};
pub use key::Key;
pub use options::{Credentials, Options, Trust};
pub use rows::Rows;
pub use stream::{Source, Stream};

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::api::request::Spec;
use crate::call::{Authorization, Call, Retry, Terms};
use crate::error::{Error, Kind, Result};
use crate::policy::{Endpoint, Policy, Settings, SystemResolver};
use crate::process::Process;
use crate::secret::Secret;

/// A client of one server. It holds no lock, no socket and no thread: those are the process's ([`Live`]), so it survives a fork.
#[derive(Clone, Debug)]
pub struct Client {
    endpoint: Arc<Endpoint>,
    options: Key,
    headers: HeaderMap,
}

/// What one call may ask for besides its request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    /// Names are resolved, and requests sent, by the driver: an interceptor is installed.
    pub intercepted: bool,
    /// Attempts after the first.
    pub retry: Retry,
    /// A bound on the whole call, tighter than the client's.
    pub total: Option<Duration>,
}

impl Client {
    /// Checks everything that can be checked without I/O: the URL against the policy, certificates, keys, headers.
    pub fn new(options: Options, settings: &Settings) -> Result<Self> {
        let endpoint = Endpoint::parse(&options.url)?;
        let headers = headers(&options)?;
        let client = Self { endpoint: Arc::new(endpoint), options: options.into(), headers };
        client.policy(settings).check_url(&client.endpoint)?;
        client.options.transport(&SystemResolver::default())?; // never dials: see Endpoints
        Ok(client)
    }

    /// The server.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// What it was made with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The policy of this client under the application's `settings` of this moment.
    pub fn policy(&self, settings: &Settings) -> Policy {
        self.options.policy(&self.endpoint, settings)
    }

    /// This server's connections and discovery in the current process.
    pub fn live(&self) -> Result<Arc<Live>> {
        Process::current()?.endpoints().get(&self.options)
    }

    /// A call that has not begun.
    pub fn call(&self, spec: Spec, settings: &Settings, manner: Manner) -> Call {
        let terms = Terms {
            endpoint: Arc::clone(&self.endpoint),
            policy: self.policy(settings),
            headers: self.headers.clone(),
            authorization: self.authorization(),
            resolve: manner.intercepted,
            retry: manner.retry,
        };
        Call::new(spec, terms)
    }

    /// The credential, where it is in a file; `None` where the application has to be asked.
    pub fn credential(&self) -> Option<Result<Secret>> {
        self.options.credentials.read()
    }

    /// The name a server's certificate must have.
    pub fn certificate_name(&self) -> String {
        self.options.server_name.clone().unwrap_or_else(|| self.endpoint.host_str().to_owned())
    }

    fn authorization(&self) -> Authorization {
        match self.options.credentials.fixed() {
            Some(fixed) => Authorization::Fixed(fixed),
            None => Authorization::Asked,
        }
    }
}

/// Who asks, for the server's audit log.
const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("gitlab_kube/", env!("CARGO_PKG_VERSION")));

fn headers(options: &Options) -> Result<HeaderMap> {
    let mut headers = HeaderMap::from_iter([(http::header::USER_AGENT, USER_AGENT)]);
    for (name, value) in &options.headers {
        let bad = || Error::new(Kind::Argument, "a header of the client has a character that HTTP does not allow");
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        headers.append(name, HeaderValue::from_str(value.expose()).map_err(|_| bad())?);
    }
    Ok(headers)
}
