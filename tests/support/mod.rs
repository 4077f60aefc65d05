//! Servers on real sockets that say exactly what a test wants, honest or hostile; and a transport to meet them with.
#![allow(
    dead_code,
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test file uses its own part of this"
)]

pub mod certificates;
pub mod proxy;
pub mod resolver;
pub mod server;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use gitlab_kube::error::{Error, Kind};
use gitlab_kube::limits::{Limits, Timeouts};
use gitlab_kube::policy::{Policy, Settings as Rules};
use gitlab_kube::transport::tls::{Roots, Settings, Verify};
use gitlab_kube::transport::{Config, Mode, Response, Terms, Transport};
use http::Request;

/// Something only the server says. It must never be seen in an error.
pub const MARKER: &str = "mArKeR-of-the-server";

pub const WHOLE: Terms = Terms { mode: Mode::Whole };
pub const STREAM: Terms = Terms { mode: Mode::Stream };

/// Long enough for a noisy machine, short enough for a test that hangs.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A policy under which loopback may be dialled.
pub fn loopback() -> Policy {
    Policy::user(Rules { local_requests_allowed: true, ..Rules::default() })
}

/// The same after the administrator changed a setting.
pub fn loopback_changed() -> Policy {
    Policy::user(Rules { local_requests_allowed: true, dns_rebinding_protection: false, ..Rules::default() })
}

/// The policy of a user's cluster.
pub fn strict() -> Policy {
    Policy::default()
}

pub fn config() -> Config {
    Config {
        tls: Settings { roots: Roots::Native, client_cert: None, server_name: None, verify: Verify::Roots },
        proxy: None,
        timeouts: Timeouts { open: Some(PATIENCE), read: Some(PATIENCE), idle: None, total: Some(PATIENCE) },
        limits: Limits::default(),
        resolver: Arc::new(resolver::Fixed::default()),
        http2: true,
    }
}

pub fn transport(change: impl FnOnce(&mut Config)) -> Transport {
    let mut config = config();
    change(&mut config);
    Transport::new(config).unwrap()
}

pub fn get(url: &str) -> Request<Bytes> {
    Request::get(url).body(Bytes::new()).unwrap()
}

pub fn post(url: &str) -> Request<Bytes> {
    Request::post(url).body(Bytes::from_static(b"{}")).unwrap()
}

/// The whole body, or the error that ended it; never longer than [`PATIENCE`].
pub async fn read(response: &mut Response) -> Result<Vec<u8>, Error> {
    let mut all = Vec::new();
    while let Some(chunk) = soon(response.body.chunk()).await {
        all.extend_from_slice(&chunk?);
    }
    Ok(all)
}

/// Sends and reads all; whichever of the two fails.
pub async fn fetch(transport: &Transport, request: Request<Bytes>) -> Result<(u16, Vec<u8>), Error> {
    let mut response = soon(transport.send(request, &loopback(), WHOLE)).await?;
    let body = read(&mut response).await?;
    Ok((response.status, body))
}

/// A test that waits for ever would never fail.
pub async fn soon<T>(future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(value) => value,
        Err(_) => panic!("nothing happened for {PATIENCE:?}"),
    }
}

/// The kind of an error, which shows nothing of the server's words in any format.
pub fn kind<T>(result: Result<T, Error>) -> Kind {
    let Err(error) = result else { panic!("expected an error") };
    let shown = format!("{error} {error:?} {error:#?}");
    assert!(!shown.contains(MARKER), "the server's words are in {shown}");
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        assert!(!format!("{inner} {inner:?}").contains(MARKER), "the server's words are in a cause");
        cause = inner.source();
    }
    error.kind()
}
