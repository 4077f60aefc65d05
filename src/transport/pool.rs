//! Kept connections: one pool for each policy they were dialled under.
//!
//! The settings of a policy change while the application runs. A connection that was made under other settings is never
//! used again: its pool is no longer asked.

use std::iter;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper_util::client::legacy::{Builder, Client};
use hyper_util::rt::TokioTimer;

use super::dial::{Dial, Means};
use super::homecoming::Spawner;
use crate::policy::Policy;

/// hyper's pooled client on our own connector.
pub(crate) type Pooled = Client<Dial, Full<Bytes>>;

/// Settings that are in use at the same time (a change that is on its way through the processes), and some to spare.
const POLICIES: usize = 4;
/// Shorter than the minute after which common load balancers drop a silent connection.
const IDLE: Duration = Duration::from_secs(50);
const IDLE_CONNECTIONS: usize = 32;
/// Wide enough for fast lists, and what a server can make us buffer for each call: all that its reader has not taken yet.
const STREAM_WINDOW: u32 = 8 << 20;
/// Never met before those of the streams (RFC 9113 §5.2): else two watches or logs whose readers are slow would hold up all calls on the
/// connection until they time out. As wide as client-go's (golang.org/x/net/http2, transportDefaultConnFlow).
const CONNECTION_WINDOW: u32 = 1 << 30;
/// Watches and logs that share a connection. API servers allow it a hundred streams (no fewer by RFC 9113 §6.5.2), and what is asked for
/// beyond those waits until one ends, which a watch does not. The other half is for calls.
const STREAMS: usize = 50;
/// Larger frames than the protocol's 16 KiB: a large list costs fewer turns.
const FRAME: u32 = 256 << 10;

/// Streams given up in the last 30 s (watches, calls in threads that were killed) whose late frames are still expected. Beyond these h2 answers each
/// late frame with a reset, and after a thousand of those gives up the connection and all that is on it.
const DROPPED: usize = 4096;

/// The pools of one transport.
#[derive(Debug)]
pub(crate) struct Pools {
    means: Arc<Means>,
    builder: Builder,
    generations: Mutex<Vec<Generation>>,
}

#[derive(Debug)]
struct Generation {
    policy: Policy,
    main: Lane,
    more: Vec<Lane>,
    twin: Pooled,
}

/// What a watch or a log keeps until it ends.
pub(crate) type Place = Arc<()>;

/// A pool, and its streams: each keeps a clone of `place`.
#[derive(Debug)]
struct Lane {
    pool: Pooled,
    place: Place,
}

impl Lane {
    fn has_room(&self) -> bool {
        Arc::strong_count(&self.place) <= STREAMS // one is its own
    }

    fn take(&self) -> (Pooled, Option<Place>) {
        (self.pool.clone(), Some(Arc::clone(&self.place)))
    }
}

impl Pools {
    pub(crate) fn new(means: Means, header_bytes: usize) -> Self {
        Self { means: Arc::new(means), builder: builder(header_bytes), generations: Mutex::default() }
    }

    /// The pool for `policy`: HTTP/2 where it is offered and wanted.
    pub(crate) fn main(&self, policy: &Policy) -> Pooled {
        self.generation(policy, |generation| generation.main.pool.clone())
    }

    /// Its HTTP/1.1 twin, for upgrades, and for bodies that are read in pieces.
    pub(crate) fn twin(&self, policy: &Policy) -> Pooled {
        self.generation(policy, |generation| generation.twin.clone())
    }

    /// The pool for one more watch or log: the main one, or another where that has enough of them.
    pub(crate) fn stream(&self, policy: &Policy) -> (Pooled, Option<Place>) {
        self.generation(policy, |generation| {
            if let Some(lane) = iter::once(&generation.main).chain(&generation.more).find(|lane| lane.has_room()) {
                return lane.take();
            }
            let lane = self.lane(policy);
            let taken = lane.take();
            generation.more.push(lane);
            taken
        })
    }

    /// A connector for those who bring their own protocol.
    pub(crate) fn dial(&self, policy: &Policy, http1_only: bool) -> Dial {
        Dial::new(Arc::clone(&self.means), policy.clone(), http1_only)
    }

    /// The list is short and the newest stand last; what falls off it closes its idle connections.
    fn generation<T>(&self, policy: &Policy, take: impl FnOnce(&mut Generation) -> T) -> T {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = match generations.iter().position(|g| g.policy == *policy) {
            Some(at) => generations.remove(at),
            None => self.begin(policy),
        };
        if generations.len() >= POLICIES {
            generations.remove(0);
        }
        let taken = take(&mut found);
        generations.push(found);
        taken
    }

    fn begin(&self, policy: &Policy) -> Generation {
        let twin = self.builder.build(self.dial(policy, true));
        Generation { policy: policy.clone(), main: self.lane(policy), more: Vec::new(), twin }
    }

    fn lane(&self, policy: &Policy) -> Lane {
        Lane { pool: self.builder.build(self.dial(policy, false)), place: Place::default() }
    }
}

fn builder(header_bytes: usize) -> Builder {
    let mut builder = Client::builder(Spawner);
    builder
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .http1_max_buf_size(header_bytes.max(8 << 10)) // hyper's minimum
        .http2_initial_stream_window_size(STREAM_WINDOW)
        .http2_initial_connection_window_size(CONNECTION_WINDOW)
        .http2_max_frame_size(FRAME)
        .http2_max_concurrent_reset_streams(DROPPED)
        .http2_max_header_list_size(u32::try_from(header_bytes.saturating_mul(4)).unwrap_or(u32::MAX)) // see limit::head
        .http2_keep_alive_interval(Duration::from_secs(30)) // a silent watch notices a dead peer
        .http2_keep_alive_timeout(Duration::from_secs(20));
    builder
}
