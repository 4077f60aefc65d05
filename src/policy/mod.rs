//! May we dial it? A stand-in until the policy arrives: loopback is refused unless allowed.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;

use crate::error::{Error, Kind, Result};

/// What may be dialled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Policy {
    /// Loopback is allowed.
    pub allow_loopback: bool,
    /// Tells one setting from another.
    pub revision: u32,
}

/// A checked address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pinned(SocketAddr);

impl Pinned {
    /// The address.
    pub fn addr(&self) -> SocketAddr {
        self.0
    }
}

impl Policy {
    /// Checks every address.
    pub fn check_addresses(&self, _host: &str, port: u16, addresses: &[IpAddr]) -> Result<Vec<Pinned>> {
        addresses
            .iter()
            .map(|ip| match ip.is_loopback() && !self.allow_loopback {
                true => Err(Error::new(Kind::BlockedAddress, "the address is blocked")),
                false => Ok(Pinned(SocketAddr::new(*ip, port))),
            })
            .collect()
    }

    /// Checks the peer of a connection.
    pub fn check_peer(&self, peer: SocketAddr) -> Result<()> {
        self.check_addresses("", peer.port(), &[peer.ip()]).map(drop)
    }
}

/// The answer of a resolver.
pub type Resolving<'a> = Pin<Box<dyn Future<Output = Result<Vec<IpAddr>>> + Send + 'a>>;

/// Asks for the addresses of a name.
pub trait Resolve: Send + Sync + std::fmt::Debug {
    /// The addresses of `host`.
    fn resolve<'a>(&'a self, host: &'a str, port: u16) -> Resolving<'a>;
}

/// The system's resolver.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve<'a>(&'a self, host: &'a str, port: u16) -> Resolving<'a> {
        Box::pin(async move {
            #[allow(clippy::disallowed_methods, reason = "this is the resolver")]
            let found = tokio::net::lookup_host((host, port)).await;
            found.map(|a| a.map(|a| a.ip()).collect()).map_err(|_| Error::new(Kind::Dns, "the name has no address"))
        })
    }
}
