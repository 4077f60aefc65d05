//! The embedded reactive store: bytes by key, each with its own lifetime, and leases with an end.

mod lease;
mod store;

pub use lease::{Leases, Token};
pub use store::{Store, TooLarge};
