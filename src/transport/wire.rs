//! A body as it comes over the wire, counted before anybody decodes it.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::Body as _;
use hyper::body::Incoming;
use tokio::task::coop::poll_proceed;

use super::failure;
use super::limit::crossed;
use crate::error::{Limit, Result};

/// The frames of one answer.
#[derive(Debug)]
pub(crate) struct Wire {
    incoming: Incoming,
    taken: u64,
    limit: u64,
}

impl Wire {
    pub(crate) fn new(incoming: Incoming, limit: u64) -> Self {
        Self { incoming, taken: 0, limit }
    }

    /// Bytes that have come.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// The next bytes; trailers and empty frames are passed over. A server that never pauses must not keep the task from
    /// looking at its clock, or from being dropped, so each turn costs some of the task's budget.
    pub(crate) fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        loop {
            let turn = ready!(poll_proceed(cx));
            let frame = ready!(Pin::new(&mut self.incoming).poll_frame(cx));
            turn.made_progress();
            match frame.map(|frame| frame.map(http_body::Frame::into_data)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(failure::of_body(&error)))),
                Some(Ok(Ok(piece))) if !piece.is_empty() => return Poll::Ready(Some(self.count(piece))),
                Some(Ok(_)) => {}
            }
        }
    }

    fn count(&mut self, piece: Bytes) -> Result<Bytes> {
        self.taken += piece.len() as u64;
        match self.taken > self.limit {
            true => Err(crossed(Limit::WireBytes, "the answer is larger than is allowed on the wire")),
            false => Ok(piece),
        }
    }
}
