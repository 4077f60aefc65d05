//! An address that was judged and may be dialled.

use std::net::SocketAddr;

/// A checked address. Only the policy makes one, so a dialler that takes nothing else cannot dial around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pinned(SocketAddr);

impl Pinned {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self(address)
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
