//! The one door: every socket of the client is opened here, to an address that the policy has checked.

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
use tokio::time::{Instant, timeout_at};
use tower_service::Service;

use super::failure;
use super::proxy::Proxy;
use super::stream::Stream;
use super::target::Target;
use super::tls::Tls;
use crate::error::{Error, Kind, Result};
use crate::policy::{Pinned, Policy, Resolve};

/// What all connectors of one transport have in common.
#[derive(Debug)]
pub(crate) struct Means {
    pub(crate) tls: Tls,
    pub(crate) proxy: Option<Proxy>,
    pub(crate) open: Option<Duration>,
    pub(crate) resolver: Arc<dyn Resolve>,
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
        let Some(open) = self.means.open else { return self.connect(uri, None).await };
        let deadline = Instant::now() + open;
        let opening = self.connect(uri, Some(deadline));
        timeout_at(deadline, opening).await.unwrap_or_else(|_| Err(failure::open_timeout()))
    }

    async fn connect(&self, uri: &Uri, deadline: Option<Instant>) -> Result<Stream> {
        let target = Target::of(uri)?;
        let tcp = match &self.means.proxy {
            None => self.reach(&self.checked(&target).await?, deadline).await?,
            Some(proxy) => self.through(proxy, &target, deadline).await?,
        };
        if !target.tls {
            return Ok(Stream::plain(tcp));
        }
        self.means.tls.handshake(&target.name(), self.http1_only, tcp).await.map(Stream::tls)
    }

    /// The proxy is dialled like anybody else, and told the address that was checked, not the name.
    async fn through(&self, proxy: &Proxy, target: &Target, deadline: Option<Instant>) -> Result<TcpStream> {
        let beyond = match target.literal() {
            None if proxy.resolves() => None,
            _ => self.checked(target).await?.first().map(Pinned::addr),
        };
        let mut tcp = self.reach(&self.checked(proxy.target()).await?, deadline).await?;
        proxy.ask(&mut tcp, target, beyond).await?;
        Ok(tcp)
    }

    /// Asks for the name once and checks every answer; an address in the URL is an answer too, however it is spelled.
    async fn checked(&self, target: &Target) -> Result<Vec<Pinned>> {
        let name = target.name();
        let answers = match target.literal() {
            Some(ip) => vec![ip],
            None => self.means.resolver.resolve(&name, target.port).await?,
        };
        let pinned = self.policy.check_addresses(&name, target.port, &answers)?;
        match pinned.is_empty() {
            true => Err(Error::new(Kind::Dns, "the server's name has no address")),
            false => Ok(pinned),
        }
    }

    /// Tries one checked address after the other, as long as the failure says that another may do better.
    async fn reach(&self, pinned: &[Pinned], deadline: Option<Instant>) -> Result<TcpStream> {
        let mut last = Error::new(Kind::Unreachable, "the server cannot be reached");
        for (n, address) in pinned.iter().enumerate() {
            match attempt(address.addr(), deadline, pinned.len() - n).await {
                Ok(tcp) => return self.compared(tcp, pinned),
                Err(error) if failure::another_may_do(&error) => last = failure::of_connect(&error),
                Err(error) => return Err(failure::of_connect(&error)),
            }
        }
        Err(last)
    }

    /// The second lock: whoever answered must be one of those who were asked.
    fn compared(&self, tcp: TcpStream, pinned: &[Pinned]) -> Result<TcpStream> {
        let peer = tcp.peer_addr().map_err(|error| failure::of_connect(&error))?;
        self.policy.check_peer(peer)?;
        let expected = pinned.iter().any(|p| p.addr().ip() == peer.ip() && p.addr().port() == peer.port());
        match expected {
            true => Ok(tcp),
            false => Err(Error::new(Kind::BlockedAddress, "the connection leads to an address that was not checked and is blocked")),
        }
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
    let alive = TcpKeepalive::new().with_time(Duration::from_secs(30)).with_interval(Duration::from_secs(10)).with_retries(3);
    SockRef::from(&tcp).set_tcp_keepalive(&alive)?;
    Ok(tcp)
}
