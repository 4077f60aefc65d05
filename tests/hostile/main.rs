//! The hostile server: every attack and fault we know by name, against the path that every call takes.
//!
//! Each must end in the right typed error, inside its limit: within the time of a test, and with no more memory than the limit and
//! 32 MiB. The connection must be closed then, and the next call, to a healthy server, must work.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a helper of a test may fail it")]

#[path = "../support/hostile/attack.rs"]
mod attack;
#[path = "../support/hostile/frames.rs"]
mod frames;
#[path = "../support/hostile/http1.rs"]
mod http1;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/world.rs"]
mod world;

mod addresses;
mod chunks;
mod dns;
mod exec;
mod gzip;
mod heads;
mod http2;
mod json;
mod proxies;
mod redirects;
mod tls;
