//! A body that is still coming: lines of a log, events of a watch.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::sync::{Mutex, Notify};

use crate::error::{Error, Kind, Limit, Phase, Result};
use crate::exec::Session;
use crate::limits::Limits;
use crate::transport::{self, Piece};
use crate::wire::frames::{Lines, WatchEvent};

/// What of a refusal's body is read; a Status is far smaller.
const HEAD: usize = 1 << 20;

/// Where the bytes of a body come from.
#[derive(Debug)]
pub enum Source {
    /// The network.
    Net(transport::Body),
    /// An interceptor gave them.
    Given(std::vec::IntoIter<Bytes>),
    /// None: the connection left HTTP.
    Switched(Box<Session>),
}

impl Source {
    /// The next piece; `None` at the end.
    pub async fn chunk(&mut self) -> Option<Result<Bytes>> {
        self.piece().await.map(|piece| piece.map(Bytes::from))
    }

    /// The next piece, which may be in the room given to [`Source::unpack_into`].
    pub(crate) async fn piece(&mut self) -> Option<Result<Piece>> {
        match self {
            Self::Net(body) => body.piece().await,
            Self::Given(chunks) => chunks.next().map(|chunk| Ok(Piece::Came(chunk))),
            Self::Switched(_) => None,
        }
    }

    /// Where what is still to come is to be unpacked, if it is compressed and much.
    pub(crate) fn unpack_into(&mut self, room: impl FnOnce() -> Option<BytesMut>) {
        if let Self::Net(body) = self {
            body.unpack_into(room);
        }
    }

    /// Says that `error` came of it: where the server is to blame, its connection is not used again.
    pub(crate) fn blame(&self, error: &Error) {
        if let Self::Net(body) = self {
            body.blame(error);
        }
    }

    /// Counts what is made of the body while it arrives as a part of it.
    pub(crate) fn hold(&mut self, bytes: usize) -> Result<()> {
        match self {
            Self::Net(body) => body.hold(bytes as u64),
            Self::Given(_) | Self::Switched(_) => Ok(()),
        }
    }

    /// The beginning of a refusal's body. Where it breaks off, the code still says what happened.
    pub(crate) async fn head(mut self) -> Bytes {
        let mut head = BytesMut::new();
        while let Some(Ok(chunk)) = self.chunk().await {
            head.extend_from_slice(&chunk[..chunk.len().min(HEAD - head.len())]);
            if head.len() == HEAD {
                self.blame(&Error::new(Kind::Limit(Limit::DecodedBytes), "a refusal is shorter"));
                break;
            }
        }
        head.freeze()
    }
}

/// A watch or a followed log. One thread reads; any thread may close.
#[derive(Debug)]
pub struct Stream {
    reading: Mutex<Reading>,
    closing: Arc<Closing>,
    limits: Limits,
}

#[derive(Debug)]
struct Reading {
    source: Option<Source>,
    lines: Lines,
    ended: bool,
}

#[derive(Debug, Default)]
struct Closing {
    closed: AtomicBool,
    wake: Notify,
}

impl Stream {
    /// Lines of `source`.
    pub fn new(source: Source, limits: &Limits) -> Self {
        let reading = Reading { source: Some(source), lines: Lines::new(limits.line_bytes), ended: false };
        Self { reading: Mutex::new(reading), closing: Arc::default(), limits: limits.clone() }
    }

    /// The next line without its newline; `None` when the server ended the stream, or [`Stream::close`] was called.
    /// The last line of a log may have no newline; a watch's must have one (`Kind::Cut`).
    /// A server that is silent for longer than `idle` is taken for dead.
    pub async fn line(&self, whole: bool, idle: Option<Duration>) -> Option<Result<Bytes>> {
        let mut reading = self.reading.lock().await;
        if self.closing.closed.load(Ordering::Acquire) {
            reading.source = None;
            return None;
        }
        let next = tokio::select! {
            biased;
            () = self.closing.wake.notified() => None,
            next = reading.next(whole, idle) => next,
        };
        match &next {
            Some(Ok(_)) => {}
            Some(Err(error)) => reading.fail(error),
            None => reading.source = None, // closes the connection
        }
        next
    }

    /// A line that is there already, so that nobody need wait for it: a log comes in pieces of many lines.
    pub fn ready_line(&self) -> Option<Result<Bytes>> {
        let mut reading = self.reading.try_lock().ok().filter(|_| !self.closing.closed.load(Ordering::Acquire))?;
        let line = reading.lines.next_line();
        if let Some(Err(_)) = line {
            reading.source = None;
        }
        line
    }

    /// The next event of a watch; `idle` as for [`Stream::line`].
    pub async fn event(&self, idle: Option<Duration>) -> Option<Result<WatchEvent>> {
        loop {
            let line = match self.line(true, idle).await? {
                Ok(line) if line.is_empty() => continue,
                Ok(line) => line,
                Err(error) => return Some(Err(error)),
            };
            let event = WatchEvent::parse(line, &self.limits);
            if let Err(error) = &event {
                self.reading.lock().await.fail(error);
            }
            return Some(event);
        }
    }

    /// Ends it, from any thread; the reader gets `None`.
    pub fn close(&self) {
        self.closing.closed.store(true, Ordering::Release);
        self.closing.wake.notify_one();
        if let Ok(mut reading) = self.reading.try_lock() {
            reading.source = None;
        }
    }
}

impl Reading {
    /// There is nothing more after an error, and the connection is closed.
    fn fail(&mut self, error: &Error) {
        if let Some(source) = self.source.take() {
            source.blame(error);
        }
        self.lines = Lines::new(0);
        self.ended = true;
    }

    /// Cancel-safe: what has been read is in `lines` before anything else is awaited.
    async fn next(&mut self, whole: bool, idle: Option<Duration>) -> Option<Result<Bytes>> {
        loop {
            if let Some(line) = self.lines.next_line() {
                return Some(line);
            }
            if self.ended {
                return None;
            }
            match chunk(self.source.as_mut()?, idle).await {
                Some(Ok(chunk)) => self.lines.push(&chunk),
                Some(Err(error)) => return Some(Err(error)),
                None => {
                    self.ended = true;
                    return self.last(whole);
                }
            }
        }
    }

    fn last(&mut self, whole: bool) -> Option<Result<Bytes>> {
        match self.lines.finish() {
            Err(torn) if whole => Some(Err(torn)),
            _ => self.lines.rest().map(Ok),
        }
    }
}

async fn chunk(source: &mut Source, idle: Option<Duration>) -> Option<Result<Bytes>> {
    let Some(idle) = idle else { return source.chunk().await };
    let silent = |_| Some(Err(Error::new(Kind::Timeout(Phase::Read), "Timed out: the stream was silent for too long")));
    tokio::time::timeout(idle, source.chunk()).await.unwrap_or_else(silent)
}
