//! A body as it comes over the wire, counted.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::Body as _;
use hyper::body::Incoming;

use super::failure;
use crate::error::Result;

/// The frames of one answer.
#[derive(Debug)]
pub(crate) struct Wire {
    incoming: Incoming,
    taken: u64,
}

impl Wire {
    pub(crate) fn new(incoming: Incoming) -> Self {
        Self { incoming, taken: 0 }
    }

    /// Bytes that have come.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// The next bytes; trailers and empty frames are passed over.
    pub(crate) fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        while let Some(frame) = ready!(Pin::new(&mut self.incoming).poll_frame(cx)) {
            match frame.map(http_body::Frame::into_data) {
                Ok(Ok(piece)) if !piece.is_empty() => {
                    self.taken += piece.len() as u64;
                    return Poll::Ready(Some(Ok(piece)));
                }
                Ok(_) => {}
                Err(error) => return Poll::Ready(Some(Err(failure::of_body(&error)))),
            }
        }
        Poll::Ready(None)
    }
}
