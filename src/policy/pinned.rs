//! An address that was judged and may be dialled.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A checked address. Only the policy makes one, so a dialler that takes nothing else cannot dial around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pinned(SocketAddr);

impl Pinned {
    /// Linux takes the unspecified address for loopback, and so does the pin: it is what the peer will say it is.
    pub(super) fn new(ip: IpAddr, port: u16) -> Self {
        let ip = match ip {
            IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
            other => other,
        };
        Self(SocketAddr::new(ip, port))
    }

    /// What to dial.
    pub fn addr(&self) -> SocketAddr {
        self.0
    }

    /// Whether `peer` is the address that was dialled.
    pub fn is(&self, peer: SocketAddr) -> bool {
        (peer.ip().to_canonical(), peer.port()) == (self.0.ip(), self.0.port())
    }
}
