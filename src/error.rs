//! The one error: a kind, an HTTP code and safe words. Nothing the server wrote is in them.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::secret::Secret;

/// What went wrong, by meaning. The binding has one Ruby class for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The caller's argument cannot be right; nothing was sent.
    Argument,
    /// The URL is refused by the policy when the client is built.
    BlockedUrl,
    /// An address is refused by the policy when it is about to be dialled.
    BlockedAddress,
    /// The server answered with a code that is not a success ([`Error::code`]).
    Status,
    /// A phase took longer than its timeout.
    Timeout(Phase),
    /// The TLS handshake failed: certificate, name, version, key.
    Tls,
    /// The certificate chain has not been judged yet by whoever judges it ([`Error::chain`]); nothing was sent.
    Unjudged,
    /// Nothing listens there.
    Refused,
    /// The peer closed or reset the connection before the answer was complete.
    Reset,
    /// No route to the host or its network.
    Unreachable,
    /// The name has no address.
    Dns,
    /// The proxy did not let the call through.
    Proxy,
    /// The answer is not what the protocol or JSON allows.
    Parse,
    /// The answer is larger, deeper or longer than allowed.
    Limit(Limit),
    /// A stream ended in the middle of a line, or was cut.
    Cut,
    /// The calling thread took the call back.
    Cancelled,
    /// A defect of this library (a caught panic).
    Internal,
}

/// The phase a timeout ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Name, connect, proxy and TLS.
    Open,
    /// Waiting for the head or the next piece of the body.
    Read,
    /// The whole call.
    Total,
}

/// The limit an answer crossed; see [`crate::limits::Limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "named after the fields of Limits")]
pub enum Limit {
    Headers,
    WireBytes,
    DecodedBytes,
    Ratio,
    Depth,
    StringLength,
    NumberLength,
    LineLength,
    MessageBytes,
    Items,
    Connections,
    Budget,
    Concurrency,
}

/// A failed call. `Display` and `Debug` are safe to log: our own words, the code, and a reason from a fixed list.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: Kind,
    words: Cow<'static, str>,
    code: Option<u16>,
    reason: Option<&'static str>,
    server_message: Option<Secret>,
    location: Option<Secret>,
    retry_after: Option<u64>,
    agent_server: bool,
    outcome_unknown: bool,
    stale_connection: bool,
    chain: Option<Arc<[Vec<u8>]>>,
}

/// The result of anything that can fail here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of `kind`, told in our own `words`.
    pub fn new(kind: Kind, words: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            words: words.into(),
            code: None,
            reason: None,
            server_message: None,
            location: None,
            retry_after: None,
            agent_server: false,
            outcome_unknown: false,
            stale_connection: false,
            chain: None,
        }))
    }

    /// Adds the HTTP code.
    #[must_use]
    pub fn with_code(mut self, code: u16) -> Self {
        self.0.code = Some(code);
        self
    }

    /// Adds a Kubernetes reason; only the fixed list of `api::status` makes them.
    #[must_use]
    pub fn with_reason(mut self, reason: Option<&'static str>) -> Self {
        self.0.reason = reason;
        self
    }

    /// Keeps what the server wrote, for the one method whose name says so.
    #[must_use]
    pub fn with_server_message(mut self, message: Option<String>) -> Self {
        self.0.server_message = message.map(Secret::new);
        self
    }

    /// Keeps the URL that a redirect points to, for who follows it.
    #[must_use]
    pub fn with_location(mut self, location: Option<String>) -> Self {
        self.0.location = location.map(Secret::new);
        self
    }

    /// Keeps the server's `Retry-After`, in seconds.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: Option<u64>) -> Self {
        self.0.retry_after = seconds;
        self
    }

    /// Says that GitLab's agent server refused, before any cluster was asked.
    #[must_use]
    pub fn with_agent_server(mut self, agent_server: bool) -> Self {
        self.0.agent_server = agent_server;
        self
    }

    /// Says that the request may have had its effect: its first byte had left.
    #[must_use]
    pub fn with_outcome_unknown(mut self, unknown: bool) -> Self {
        self.0.outcome_unknown = unknown;
        self
    }

    /// Says that a kept connection died before anything of the answer came.
    #[must_use]
    pub fn with_stale_connection(mut self, stale: bool) -> Self {
        self.0.stale_connection = stale;
        self
    }

    /// Keeps the certificate chain (DER, leaf first) that has to be judged.
    #[must_use]
    pub fn with_chain(mut self, chain: Arc<[Vec<u8>]>) -> Self {
        self.0.chain = Some(chain);
        self
    }

    /// What went wrong, by meaning.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Our own words.
    pub fn words(&self) -> &str {
        &self.0.words
    }

    /// The HTTP code, where there was an answer.
    pub fn code(&self) -> Option<u16> {
        self.0.code
    }

    /// The Kubernetes reason, where it is one of the known ones.
    pub fn reason(&self) -> Option<&'static str> {
        self.0.reason
    }

    /// What the server wrote: never safe to show.
    pub fn unsafe_server_message(&self) -> Option<&Secret> {
        self.0.server_message.as_ref()
    }

    /// Where a redirect points, as the server wrote it: never safe to show.
    pub fn unsafe_location(&self) -> Option<&Secret> {
        self.0.location.as_ref()
    }

    /// Seconds the server asked to wait.
    pub fn retry_after(&self) -> Option<u64> {
        self.0.retry_after
    }

    /// Whether it was GitLab's agent server that refused, and no cluster.
    pub fn agent_server(&self) -> bool {
        self.0.agent_server
    }

    /// Whether a write may have happened all the same.
    pub fn outcome_unknown(&self) -> bool {
        self.0.outcome_unknown
    }

    /// Whether a kept connection died before anything of the answer came: an idempotent request may be sent again.
    pub fn stale_connection(&self) -> bool {
        self.0.stale_connection
    }

    /// The certificate chain to judge (DER, leaf first), with [`Kind::Unjudged`].
    pub fn chain(&self) -> Option<Arc<[Vec<u8>]>> {
        self.0.chain.clone()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.words)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("code", &self.0.code)
            .field("words", &self.0.words)
            .finish()
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_our_words_and_never_the_servers() {
        let error = Error::new(Kind::Status, "the server answered 500")
            .with_code(500)
            .with_server_message(Some("MARKER".into()));
        assert_eq!(error.to_string(), "the server answered 500");
        assert!(!format!("{error:?} {error:#?}").contains("MARKER"));
        assert_eq!(error.unsafe_server_message().map(|m| m.expose().as_str()), Some("MARKER"));
    }
}
