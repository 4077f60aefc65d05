//! The step machine: one call to a server, decided without any I/O.
//!
//! `next(Event) → Step`. Whoever drives it does what the [`Step`] says and comes back with the [`Event`]: Tokio in the common
//! case, the calling Ruby thread where an interceptor wants to see each hop. So both go through the same decisions.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};

use crate::api::request::{Spec, Want};
use crate::api::{redirect, status};
use crate::error::{Error, Kind, Result};
use crate::exec::handshake;
use crate::policy::{Endpoint, Host, Policy};
use crate::secret::Secret;

/// What the driver has to do next.
#[derive(Debug)]
pub enum Step<P> {
    /// Say who we are; `refresh` when the last answer was 401.
    Authenticate {
        /// The credential in use was refused: look for a newer one.
        refresh: bool,
    },
    /// Ask for the addresses of a name. Only asked for where the dial does not do it itself.
    Resolve {
        /// The name.
        host: String,
        /// The port, for resolvers that want it.
        port: u16,
    },
    /// Send the request once.
    Send(Box<http::Request<Bytes>>),
    /// Judge a certificate chain (DER, leaf first) before anything is sent.
    Verify(Arc<[Vec<u8>]>),
    /// Wait.
    Sleep(Duration),
    /// The call is over.
    Done(Result<P>),
}

/// What happened.
#[derive(Debug)]
pub enum Event<P> {
    /// The first event of a call.
    Begin,
    /// The answer to [`Step::Authenticate`]: a value for the `Authorization` header, or none.
    Authenticated(Option<Secret>),
    /// The answer to [`Step::Resolve`]; empty where the name has no address.
    Resolved(Vec<IpAddr>),
    /// The answer to [`Step::Send`].
    Sent(Result<Answer<P>>),
    /// The answer to [`Step::Verify`].
    Verified(bool),
    /// The answer to [`Step::Sleep`].
    Slept,
}

/// The head of an answer, and its body where it is wanted. The machine never looks into the payload.
#[derive(Debug)]
pub struct Answer<P> {
    /// The HTTP code.
    pub status: u16,
    /// `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
    /// Whether it says of itself that it is a refusal of GitLab's agent server (`Gitlab-Unauthorized`), which may have no readable body.
    pub agent_server: bool,
    /// `Location`, as the server wrote it.
    pub location: Option<String>,
    /// The body of a success, or of a refusal.
    pub body: Body<P>,
}

/// The body of an [`Answer`].
#[derive(Debug)]
pub enum Body<P> {
    /// What a success brought.
    Payload(P),
    /// What a refusal said; bounded, and never shown.
    Refusal(Bytes),
}

/// Where the `Authorization` header comes from.
#[derive(Clone, Debug)]
pub enum Authorization {
    /// None is sent, or always the same.
    Fixed(Option<Secret>),
    /// The driver is asked before the first request, and once more after a 401.
    Asked,
}

/// How often a call is tried again when the server asks for patience.
#[derive(Clone, Copy, Debug, Default)]
pub struct Retry {
    /// Further attempts after 429, 503 and 504; 0 unless the caller asks for more.
    pub attempts: u32,
}

/// What a call needs to know of its client.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The server.
    pub endpoint: Arc<Endpoint>,
    /// What may be dialled, as the settings are now.
    pub policy: Policy,
    /// Headers of every request (user agent, impersonation).
    pub headers: HeaderMap,
    /// Who we are.
    pub authorization: Authorization,
    /// Whether names are resolved by the driver before each hop (an interceptor is installed).
    pub resolve: bool,
    /// When to try again.
    pub retry: Retry,
}

/// One call.
#[derive(Debug)]
pub struct Call {
    spec: Spec,
    terms: Terms,
    token: Option<Secret>,
    refused: Option<Error>,
    refreshed: bool,
    revived: bool,
    judged: u32,
    attempt: u32,
}

/// Certificate chains of one server that a call asks about: behind one name may be several machines, each with its own. One that shows
/// another chain at every handshake would be asked about for ever.
const CHAINS: u32 = 16;

impl Call {
    /// A call that has not begun.
    pub fn new(spec: Spec, terms: Terms) -> Self {
        Self { spec, terms, token: None, refused: None, refreshed: false, revived: false, judged: 0, attempt: 0 }
    }

    /// What is asked for.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The terms it runs under.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Decides what comes after `event`.
    pub fn next<P>(&mut self, event: Event<P>) -> Step<P> {
        match event {
            Event::Begin => self.begin(),
            Event::Authenticated(token) => self.authenticated(token),
            Event::Resolved(addresses) => self.resolved(&addresses),
            Event::Sent(Ok(answer)) => self.answered(answer),
            Event::Sent(Err(error)) => self.failed(error),
            Event::Verified(true) | Event::Slept => self.hop(),
            Event::Verified(false) => Step::Done(Err(Error::new(
                Kind::Tls,
                "certificate verify failed (the certificate store does not trust the server's chain)",
            ))),
        }
    }

    fn begin<P>(&mut self) -> Step<P> {
        match &self.terms.authorization {
            Authorization::Asked => Step::Authenticate { refresh: false },
            Authorization::Fixed(token) => {
                self.token = token.clone();
                self.hop()
            }
        }
    }

    /// A credential that did not change cannot help: the first refusal stands.
    fn authenticated<P>(&mut self, token: Option<Secret>) -> Step<P> {
        match self.refused.take() {
            Some(refusal) if token == self.token => Step::Done(Err(refusal)),
            _ => {
                self.token = token;
                self.hop()
            }
        }
    }

    /// Every hop is checked anew. Where nothing else resolves the name, the driver does, before the interceptor sees the hop.
    fn hop<P>(&mut self) -> Step<P> {
        if !self.terms.resolve {
            return self.send();
        }
        let port = self.terms.endpoint.port();
        match self.terms.endpoint.host() {
            Host::Name(host) => Step::Resolve { host: host.clone(), port },
            Host::V4(ip) => self.resolved(&[IpAddr::V4(*ip)]),
            Host::V6(ip) => self.resolved(&[IpAddr::V6(*ip)]),
        }
    }

    /// Behind an interceptor nothing is dialled, so a name without an address passes; a blocked one does not.
    fn resolved<P>(&mut self, addresses: &[IpAddr]) -> Step<P> {
        let endpoint = &self.terms.endpoint;
        match self.terms.policy.check_undialled(endpoint.host(), endpoint.port(), addresses) {
            Err(error) => Step::Done(Err(error)),
            Ok(()) => self.send(),
        }
    }

    fn send<P>(&self) -> Step<P> {
        self.request().map_or_else(|error| Step::Done(Err(error)), |request| Step::Send(Box::new(request)))
    }

    fn request(&self) -> Result<http::Request<Bytes>> {
        let bad = |_| Error::new(Kind::Argument, "the request cannot be written as HTTP");
        let (body_type, body) =
            self.spec.body.clone().map_or((None, Bytes::new()), |(format, bytes)| (Some(format), bytes));
        let mut request =
            http::Request::builder().method(self.spec.method.clone()).uri(self.uri()).body(body).map_err(bad)?;
        let headers = request.headers_mut();
        headers.extend(self.terms.headers.clone());
        headers.insert(header::ACCEPT, HeaderValue::from_static(self.spec.accept.media_type()));
        if let Some(format) = body_type {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
        }
        if let Some(protocols) = self.spec.want.protocols() {
            handshake::ask(headers, protocols)?;
        }
        if let Some(token) = &self.token {
            headers.insert(header::AUTHORIZATION, authorization(token)?);
        }
        Ok(request)
    }

    fn uri(&self) -> String {
        let endpoint = &self.terms.endpoint;
        format!("{}://{}{}{}", endpoint.scheme(), endpoint.authority(), endpoint.path(), self.spec.path_and_query)
    }

    fn answered<P>(&mut self, answer: Answer<P>) -> Step<P> {
        let body = match answer.body {
            Body::Payload(payload) => return Step::Done(Ok(payload)),
            Body::Refusal(body) => body,
        };
        let refusal = status::refusal(answer.status, answer.retry_after, &body);
        let agent_server = answer.agent_server || refusal.agent_server();
        let refusal = refusal.with_agent_server(agent_server);
        let refusal = match answer.location {
            Some(location) if (300..400).contains(&answer.status) => refusal.with_location(self.target(&location)),
            _ => refusal,
        };
        match answer.status {
            401 if matches!(self.terms.authorization, Authorization::Asked) && !self.refreshed => {
                self.refreshed = true;
                self.refused = Some(refusal);
                Step::Authenticate { refresh: true }
            }
            429 | 503 | 504 if self.may_try_again(&refusal) => self.later(refusal.retry_after()),
            _ => Step::Done(Err(refusal)),
        }
    }

    fn target(&self, location: &str) -> Option<String> {
        redirect::target(&self.uri().parse().ok()?, location)
    }

    /// A server that says 429 did nothing yet; one that says 503 or 504 may have.
    fn may_try_again(&self, refusal: &Error) -> bool {
        self.attempt < self.terms.retry.attempts && (refusal.code() == Some(429) || self.spec.idempotent())
    }

    /// As long as the server asks, at most 30 s; else 0.5 s, doubled with each attempt.
    fn later<P>(&mut self, retry_after: Option<u64>) -> Step<P> {
        let doubled = 500u64 << self.attempt.min(6);
        self.attempt += 1;
        Step::Sleep(Duration::from_millis(retry_after.map_or(doubled, |s| s.saturating_mul(1000)).min(30_000)))
    }

    fn failed<P>(&mut self, error: Error) -> Step<P> {
        if let Some(chain) = error.chain() {
            return self.judge(chain);
        }
        if error.stale_connection() && self.spec.idempotent() && !self.revived {
            self.revived = true; // a keep-alive connection that the server had closed: RFC 9112 §9.3.1 lets us send again
            return self.hop();
        }
        let unknown = error.outcome_unknown() && !self.spec.safe();
        Step::Done(Err(error.with_outcome_unknown(unknown)))
    }

    fn judge<P>(&mut self, chain: Arc<[Vec<u8>]>) -> Step<P> {
        self.judged += 1;
        match self.judged > CHAINS {
            true => Step::Done(Err(Error::new(
                Kind::Tls,
                "certificate verify failed (the server shows another chain at every handshake)",
            ))),
            false => Step::Verify(chain),
        }
    }

    /// Whether it has an end and may send more than one request: each of them keeps to the total time, and so do all together.
    pub fn repeats(&self) -> bool {
        let again = self.terms.retry.attempts > 0 || matches!(self.terms.authorization, Authorization::Asked);
        again && !self.streams()
    }

    /// Whether the body may go on for as long as it likes: who wants to see all of it cannot wait for that.
    pub fn endless(&self) -> bool {
        matches!(self.spec.want, Want::Stream) || self.spec.want.protocols().is_some()
    }

    /// Whether the body is handed on as it comes.
    pub fn streams(&self) -> bool {
        matches!(self.spec.want, Want::Pluck(_)) || self.endless()
    }
}

fn authorization(token: &Secret) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(token.expose()).map_err(|_| {
        Error::new(Kind::Argument, "the credential has a character that no HTTP header may have (a newline?)")
    })?;
    value.set_sensitive(true);
    Ok(value)
}
