//! The one door: every socket of the client is opened here, to an address that the policy has checked.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::rt::TokioIo;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};
use tower_service::Service;

use super::failure;
use super::proxy::Proxy;
use super::stream::Stream;
use super::tls::Tls;
use crate::error::{Error, Kind, Limit, Result};
use crate::policy::{Endpoint, Pinned, Policy, Resolve};

impl fmt::Debug for dyn Resolve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resolve")
    }
}

/// What all connectors of one transport have in common.
#[derive(Debug)]
pub(crate) struct Means {
    pub(crate) tls: Tls,
    pub(crate) proxy: Option<Proxy>,
    pub(crate) open: Option<Duration>,
    pub(crate) resolver: Arc<dyn Resolve>,
    pub(crate) places: Arc<Semaphore>,
}

/// The connector: resolves once, checks every answer, dials a checked address, compares the peer before the first byte.
///
/// It is a tower service, so hyper's pool and a gRPC channel can both sit on it.
#[derive(Clone, Debug)]
pub struct Dial {
    means: Arc<Means>,
    policy: Policy,
    http1_only: bool,
}

impl Service<Uri> for Dial {
    type Response = TokioIo<Stream>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<TokioIo<Stream>>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let dial = self.clone();
        Box::pin(async move { dial.open(&uri).await.map(TokioIo::new) })
    }
}

impl Dial {
    pub(crate) fn new(means: Arc<Means>, policy: Policy, http1_only: bool) -> Self {
        Self { means, policy, http1_only }
    }

    async fn open(&self, uri: &Uri) -> Result<Stream> {
        let deadline = self.means.open.map(|open| Instant::now() + open);
        let place = self.place(deadline).await?;
        let opening = self.connect(uri, deadline, place);
        match deadline {
            None => opening.await,
            Some(at) => timeout_at(at, opening).await.unwrap_or_else(|_| Err(failure::open_timeout())),
        }
    }

    /// One of the connections that the server may have. Meanwhile hyper gives the call another that has become free.
    async fn place(&self, deadline: Option<Instant>) -> Result<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.means.places).acquire_owned();
        let place = match deadline {
            None => place.await.ok(),
            Some(at) => timeout_at(at, place).await.ok().and_then(|place| place.ok()),
        };
        let none = || {
            Error::new(Kind::Limit(Limit::Connections), "as many connections to the server as are allowed are in use")
        };
        place.ok_or_else(none)
    }

    async fn connect(&self, uri: &Uri, deadline: Option<Instant>, place: OwnedSemaphorePermit) -> Result<Stream> {
        let target = target(uri)?;
        let tcp = match &self.means.proxy {
            None => self.reach(&self.policy, &target, deadline).await?,
            Some(proxy) => self.through(proxy, &target, deadline).await?,
        };
        if !target.is_tls() {
            return Ok(Stream::plain(tcp, place));
        }
        self.means.tls.handshake(target.server_name(), self.http1_only, tcp).await.map(|tls| Stream::tls(tls, place))
    }

    /// The proxy is dialled like anybody else, and told the address that was checked, not the name.
    async fn through(&self, proxy: &Proxy, target: &Endpoint, deadline: Option<Instant>) -> Result<TcpStream> {
        let beyond = if proxy.resolves() && target.host().literal().is_none() {
            self.policy.check_undialled(target.host(), target.port(), &[])?;
            None
        } else {
            self.pinned(&self.policy, target).await?.first().map(Pinned::addr)
        };
        let policy = proxy.policy().unwrap_or_else(|| self.policy.clone());
        let mut tcp = self.reach(&policy, proxy.endpoint(), deadline).await?;
        proxy.ask(&mut tcp, target, beyond).await?;
        Ok(tcp)
    }

    /// Asks for the name once and checks every answer; an address in the URL is an answer too, however it is spelled.
    async fn pinned(&self, policy: &Policy, target: &Endpoint) -> Result<Vec<Pinned>> {
        let pinned = policy.pin(&*self.means.resolver, target.host(), target.port()).await?;
        match pinned.is_empty() {
            true => Err(Error::new(Kind::Dns, "the server's name has no address")),
            false => Ok(pinned),
        }
    }

    /// Tries one checked address after the other, as long as the failure says that another may do better.
    async fn reach(&self, policy: &Policy, target: &Endpoint, deadline: Option<Instant>) -> Result<TcpStream> {
        let pinned = self.pinned(policy, target).await?;
        let mut last = Error::new(Kind::Unreachable, "the server cannot be reached");
        for (n, pin) in pinned.iter().enumerate() {
            match attempt(pin.addr(), deadline, pinned.len() - n).await {
                Ok(tcp) => return compared(tcp, policy, target, &pinned),
                Err(error) if failure::another_may_do(&error) => last = failure::of_connect(&error),
                Err(error) => return Err(failure::of_connect(&error)),
            }
        }
        Err(last)
    }
}

/// Reads the URL's host as the policy reads it: `0x7f.1`, `2130706433` and full-width digits are addresses.
fn target(uri: &Uri) -> Result<Endpoint> {
    match (uri.scheme_str(), uri.authority()) {
        (Some(scheme), Some(authority)) => Endpoint::parse(&format!("{scheme}://{authority}")),
        _ => Err(Error::new(Kind::Argument, "the URL of the request has no host")),
    }
}

/// The second lock: whoever answered must be one of those who were asked, and still be allowed.
fn compared(tcp: TcpStream, policy: &Policy, target: &Endpoint, pinned: &[Pinned]) -> Result<TcpStream> {
    let peer = tcp.peer_addr().map_err(|error| failure::of_connect(&error))?;
    policy.check_peer(target.host(), peer)?;
    match pinned.iter().any(|pin| pin.is(peer)) {
        true => Ok(tcp),
        false => Err(Error::new(
            Kind::BlockedAddress,
            "the connection leads to an address that was not checked and is blocked",
        )),
    }
}

/// Each of the `left` addresses gets an equal share of the time that is left.
async fn attempt(address: SocketAddr, deadline: Option<Instant>, left: usize) -> io::Result<TcpStream> {
    #[allow(clippy::disallowed_methods, reason = "this is the door: the address is checked, see Dial::checked")]
    let connecting = TcpStream::connect(address);
    let tcp = match deadline.map(|at| at.saturating_duration_since(Instant::now())) {
        None => connecting.await?,
        Some(time) => {
            let share = time / u32::try_from(left).unwrap_or(u32::MAX).max(1);
            timeout_at(Instant::now() + share, connecting).await.map_err(|_| io::ErrorKind::TimedOut)??
        }
    };
    tcp.set_nodelay(true)?;
    let alive =
        TcpKeepalive::new().with_time(Duration::from_secs(30)).with_interval(Duration::from_secs(10)).with_retries(3);
    SockRef::from(&tcp).set_tcp_keepalive(&alive)?;
    Ok(tcp)
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;
    use crate::policy::Settings;

    #[tokio::test]
    #[allow(clippy::disallowed_methods, reason = "a connection that was led astray")]
    async fn a_peer_that_was_not_asked_for_is_not_spoken_to() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let policy = Policy::user(Settings { local_requests_allowed: true, ..Settings::default() });
        let target = Endpoint::parse(&format!("http://api.test:{port}")).unwrap();
        for (answer, same) in [([127, 0, 0, 1], true), ([127, 0, 0, 2], false)] {
            let pinned = policy.check_addresses(target.host(), port, &[answer.into()]).unwrap();
            let tcp = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            assert_eq!(compared(tcp, &policy, &target, &pinned).is_ok(), same);
            let tcp = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let error = compared(tcp, &Policy::default(), &target, &pinned).unwrap_err();
            assert_eq!(error.kind(), Kind::BlockedAddress);
        }
    }
}
