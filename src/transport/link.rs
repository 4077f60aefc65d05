//! What is known of one connection by all who are on it: its stream, its pool, and the calls.
//!
//! A connection that brought a bad answer is retired: its pool gives it to nobody again, and it is closed when the calls that are
//! on it have ended. With HTTP/1.1 that is at once. With HTTP/2 a large list that crosses a limit does not cut the watches beside it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Context;

use futures_util::task::AtomicWaker;
use http::Extensions;
use hyper_util::client::legacy::connect::{CaptureConnection, Connected};

/// Shared by the stream and everybody on it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Link(Arc<State>);

#[derive(Debug, Default)]
struct State {
    used: AtomicBool,
    retired: AtomicBool,
    calls: AtomicUsize,
    reader: AtomicWaker,
}

impl Link {
    /// What the connector said of its connection.
    pub(crate) fn of(connected: &Connected) -> Option<Self> {
        let mut extras = Extensions::new();
        connected.get_extras(&mut extras);
        extras.remove()
    }

    /// Whether an answer has come over it. A request that fails on a used connection may have met a server that had just closed it
    /// (RFC 9112 §9.3.1).
    pub(crate) fn is_used(&self) -> bool {
        self.0.used.load(Ordering::Relaxed)
    }

    /// Whether it is to be closed now. Whoever reads the socket asks, and is woken when that changes.
    pub(crate) fn is_over(&self, reader: &Context<'_>) -> bool {
        self.0.reader.register(reader.waker());
        self.0.retired.load(Ordering::SeqCst) && self.0.calls.load(Ordering::SeqCst) == 0
    }
}

/// A call that is on a connection.
#[derive(Debug)]
pub(crate) struct Seat {
    link: Link,
    connection: CaptureConnection,
}

impl Seat {
    /// Takes a seat on the connection that hyper chose; none while there is none.
    pub(crate) fn take(connection: &CaptureConnection) -> Option<Self> {
        let link = connection.connection_metadata().as_ref().and_then(Link::of)?;
        link.0.calls.fetch_add(1, Ordering::SeqCst);
        Some(Self { link, connection: connection.clone() })
    }

    /// An answer has come.
    pub(crate) fn used(&self) {
        self.link.0.used.store(true, Ordering::Relaxed);
    }

    /// Nobody may use the connection again.
    pub(crate) fn retire(&self) {
        if let Some(connected) = self.connection.connection_metadata().as_ref() {
            connected.poison();
        }
        self.link.0.retired.store(true, Ordering::SeqCst);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.link.0.calls.fetch_sub(1, Ordering::SeqCst);
        if self.link.0.retired.load(Ordering::SeqCst) {
            self.link.0.reader.wake();
        }
    }
}
