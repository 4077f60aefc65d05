//! The client of `gitlab_kube`: Kubernetes without Ruby.
//!
//! # Layout
//! * [`api`]: what Kubernetes says; pure, no I/O.
//! * [`cache`]: the embedded reactive store.
//! * [`exec`]: channels over a WebSocket.
//! * `policy`: may we dial it?
//! * `transport`: the one door to the network.
//! * `wire`: documents (bytes and an index) and frames (watch lines, logs).
//! * [`error`], [`secret`], [`limits`]: the words everyone uses.
//!
//! Data flows one way: binding → client → policy → transport → wire → document. Nothing here names Ruby.
#![forbid(unsafe_code)]

pub mod api;
pub mod cache;
pub mod call;
pub mod client;
pub mod driver;
pub mod error;
pub mod exec;
pub mod limits;
pub mod policy;
pub mod process;
pub mod secret;
pub mod transport;
pub mod wire;

pub use error::{Error, Kind, Result};
pub use limits::{Limits, Timeouts};
pub use secret::Secret;
