//! The one door to the network: a request goes in, the head of an answer and its body come out.
//!
//! Redirects are never followed, nothing is read from the environment, and every wait and every byte is bounded.

mod body;
mod budget;
mod dial;
mod failure;
mod gzip;
mod homecoming;
mod informational;
mod limit;
mod link;
mod piece;
mod places;
mod pool;
pub mod proxy;
mod stream;
mod tally;
mod timeout;
pub mod tls;
mod unpack;
mod upgrade;
mod wire;

use std::fmt;
use std::pin::pin;
use std::sync::Arc;

use bytes::Bytes;
use http::header::ACCEPT_ENCODING;
use http::{HeaderMap, HeaderValue, Request, StatusCode, Version};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use tokio::sync::Semaphore;

pub use body::Body;
pub use dial::Dial;
pub use piece::Piece;
pub use stream::Stream;
pub use upgrade::{Upgrade, Upgraded};

use crate::error::{Error, Kind, Result};
use crate::limits::{Limits, Timeouts};
use crate::policy::{Policy, Resolve};
use dial::Means;
use homecoming::Homecoming;
use informational::Flood;
use link::Seat;
use pool::{Pooled, Pools};
use timeout::Clock;

/// What a transport is made with.
#[derive(Clone, Debug)]
pub struct Config {
    /// What TLS checks and shows.
    pub tls: tls::Settings,
    /// The proxy to go through.
    pub proxy: Option<proxy::Proxy>,
    /// How long each phase may take.
    pub timeouts: Timeouts,
    /// How much may come.
    pub limits: Limits,
    /// Who is asked for the addresses of a name.
    pub resolver: Arc<dyn Resolve>,
    /// Whether HTTP/2 is offered.
    pub http2: bool,
}

/// How an answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// All of it, within the total time, and within what the process has left for such bodies.
    Whole,
    /// As it comes, for as long as it comes.
    Stream,
    /// All of it, but not all at once: whoever reads keeps none of it, and may take time between two pieces.
    Pieces,
}

/// The terms of one request.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// How the answer is wanted.
    pub mode: Mode,
}

/// The head of an answer, and its body. Any status is an answer; 3xx too.
pub struct Response {
    /// The HTTP code.
    pub status: u16,
    /// The header fields.
    pub headers: HeaderMap,
    /// The protocol it came over.
    pub version: Version,
    /// The rest.
    pub body: Body,
}

impl fmt::Debug for Response {
    /// Without the header fields: the server wrote them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("status", &self.status).field("version", &self.version).finish_non_exhaustive()
    }
}

/// Connections to whomever the requests name. Cheap to clone; making one does no I/O and needs no runtime.
#[derive(Clone, Debug)]
pub struct Transport(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pools: Pools,
    timeouts: Timeouts,
    limits: Limits,
}

impl Transport {
    /// Reads certificates and keys; one that cannot be right is the caller's error.
    pub fn new(config: Config) -> Result<Self> {
        let means = Means {
            tls: tls::Tls::new(config.tls, config.http2)?,
            proxy: config.proxy,
            open: config.timeouts.open,
            resolver: config.resolver,
            places: Arc::new(Semaphore::new(config.limits.connections.min(Semaphore::MAX_PERMITS))),
        };
        let pools = Pools::new(means, config.limits.header_bytes);
        Ok(Self(Arc::new(Inner { pools, timeouts: config.timeouts, limits: config.limits })))
    }

    /// Sends `request` (its URI is absolute) to an address that `policy` allows, and waits for the head of the answer.
    ///
    /// Dropping the future takes the request back: the socket is closed, or the stream reset.
    pub async fn send(&self, mut request: Request<Bytes>, policy: &Policy, terms: Terms) -> Result<Response> {
        request.headers_mut().entry(ACCEPT_ENCODING).or_insert(HeaderValue::from_static("gzip"));
        let clock = Clock::start(&self.0.timeouts, terms.mode);
        let (pool, place) = match terms.mode {
            // Over HTTP/2 what a slow reader leaves would gather in memory: the window of a stream is wide.
            Mode::Pieces => (self.0.pools.twin(policy), None),
            Mode::Whole => (self.0.pools.main(policy), None),
            Mode::Stream => self.0.pools.stream(policy),
        };
        let (answer, homecoming) = Homecoming::of(self.head(&pool, request, clock)).await;
        let (answer, seat) = answer?;
        if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
            return Err(
                Error::new(Kind::Parse, "the server changed to a protocol nobody asked for").with_outcome_unknown(true)
            );
        }
        let (mode, clock) = self.of_body(answer.status(), terms.mode, clock);
        let mut response = self.response(answer, seat, clock, mode);
        response.body.then(homecoming, place);
        Ok(response)
    }

    /// Asks over HTTP/1.1 for another protocol (RFC 9110 §7.8): WebSocket.
    pub async fn upgrade(&self, request: Request<Bytes>, policy: &Policy) -> Result<Upgrade> {
        let mut clock = Clock::start(&self.0.timeouts, Mode::Whole);
        let (answer, seat) = self.head(&self.0.pools.twin(policy), request, clock).await?;
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Ok(Upgrade::Refused(self.response(answer, seat, clock, Mode::Whole)));
        }
        clock.piece(upgrade::switched(answer)).await?
    }

    /// The connector itself, for a protocol that brings its own client (gRPC).
    pub fn dial(&self, policy: &Policy) -> Dial {
        self.0.pools.dial(policy, false)
    }

    async fn head(&self, pool: &Pooled, request: Request<Bytes>, clock: Clock) -> Result<Headed> {
        if request.uri().scheme().is_none() || request.uri().authority().is_none() {
            return Err(Error::new(Kind::Argument, "the URL of the request has no host"));
        }
        let mut request = request.map(Full::new);
        let flood = Flood::watch(&mut request);
        let connection = capture_connection(&mut request);
        let answer = async {
            let answer = tokio::select! {
                biased;
                answer = pool.request(request) => answer.map_err(|error| failure::of_request(&error)),
                () = flood.crossed() => Err(failure::headers_limit().with_outcome_unknown(true)),
            }?;
            limit::head(answer.headers(), self.0.limits.header_bytes)?;
            limit::one_length(answer.headers())?;
            Ok(answer)
        };
        seated(&connection, clock.head(connection.clone(), answer)).await
    }

    /// Only what was asked for goes on for as long as it likes: the body of a refusal has an end.
    fn of_body(&self, status: StatusCode, mode: Mode, clock: Clock) -> (Mode, Clock) {
        match mode {
            Mode::Stream if !status.is_success() => (Mode::Whole, Clock::start(&self.0.timeouts, Mode::Whole)),
            _ => (mode, clock),
        }
    }

    fn response(&self, answer: http::Response<Incoming>, seat: Option<Seat>, clock: Clock, mode: Mode) -> Response {
        let (mut head, incoming) = answer.into_parts();
        let body = Body::new(incoming, &mut head.headers, seat, clock, mode, &self.0.limits);
        Response { status: head.status.as_u16(), headers: head.headers, version: head.version, body }
    }
}

/// The head of an answer, and the seat of its call.
type Headed = (http::Response<Incoming>, Option<Seat>);

/// Takes a seat as soon as hyper has chosen a connection, and retires that where no good answer comes of it.
async fn seated(
    connection: &CaptureConnection,
    answer: impl Future<Output = Result<http::Response<Incoming>>>,
) -> Result<Headed> {
    let (mut chosen, mut answer) = (connection.clone(), pin!(answer));
    let early = tokio::select! {
        biased;
        answer = &mut answer => Err(answer),
        _ = chosen.wait_for_connection_metadata() => Ok(Seat::take(connection)),
    };
    let (answer, _first) = match early {
        Err(answer) => (answer, None),
        Ok(first) => (answer.await, first),
    };
    let seat = Seat::take(connection); // hyper may have begun again on another one
    match (&answer, &seat) {
        (Ok(_), Some(seat)) => seat.used(),
        (Err(error), Some(seat)) if failure::is_misbehaviour(error) => seat.retire(),
        _ => {}
    }
    answer.map(|answer| (answer, seat))
}
