//! Exec, attach and port-forward: several channels over one WebSocket (KEP-4006).

pub mod channels;
pub mod exit;
pub mod handshake;
mod session;

pub use session::{Event, Session};
