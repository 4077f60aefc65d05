//! gzip with any number of members (RFC 1952 §2.2): a server may close one after each event of a watch.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use async_compression::tokio::bufread::GzipDecoder;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, ReadBuf};

use super::wire::Wire;
use crate::error::{Error, Kind, Result};

/// The largest piece that its reader decodes at once: a bomb goes off in steps of this size.
pub(crate) const PIECE: usize = 64 << 10;

/// A compressed body.
#[derive(Debug)]
pub(crate) struct Gzip {
    decoder: GzipDecoder<Input>,
    room: BytesMut,
    has_room: bool,
    begun: bool,
}

impl Gzip {
    pub(crate) fn new(wire: Wire) -> Self {
        let mut decoder = GzipDecoder::new(Input { wire, piece: Bytes::new() });
        decoder.multiple_members(true);
        Self { decoder, room: BytesMut::new(), has_room: false, begun: false }
    }

    /// Bytes that have come over the wire.
    pub(crate) fn taken(&self) -> u64 {
        self.decoder.get_ref().wire.taken()
    }

    /// Goes on in `room`, asked for once.
    pub(crate) fn unpack_into(&mut self, room: impl FnOnce() -> Option<BytesMut>) {
        if !std::mem::replace(&mut self.has_room, true)
            && let Some(room) = room()
        {
            self.room = room;
        }
    }

    /// The next piece, as soon as there is any; of `most` bytes at most.
    pub(crate) async fn piece(&mut self, most: usize) -> Option<Result<BytesMut>> {
        if !self.begun {
            match self.decoder.get_mut().fill_buf().await {
                Ok([]) => return None, // no body at all (204, 304, HEAD) is none, whatever the head says of its coding
                Ok(_) => self.begun = true,
                Err(error) => return Some(Err(failed(error))),
            }
        }
        self.room.reserve(most);
        match self.decoder.read_buf(&mut (&mut self.room).limit(most)).await {
            Ok(0) => None,
            Ok(_) => Some(Ok(self.room.split())),
            Err(error) => Some(Err(failed(error))),
        }
    }
}

/// The wire's own error, or what the decompressor noticed.
fn failed(error: io::Error) -> Error {
    let kind = error.kind();
    if let Some(Ok(ours)) = error.into_inner().map(|inner| inner.downcast::<Error>()) {
        return *ours;
    }
    let error = match kind {
        io::ErrorKind::UnexpectedEof => {
            Error::new(Kind::Reset, "the server's answer ended in the middle of its compression")
        }
        _ => Error::new(Kind::Parse, "the server's answer says gzip and is not"),
    };
    error.with_outcome_unknown(true)
}

/// The wire as the decompressor wants it.
#[derive(Debug)]
struct Input {
    wire: Wire,
    piece: Bytes,
}

impl AsyncBufRead for Input {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let this = self.get_mut();
        if this.piece.is_empty() {
            match ready!(this.wire.poll_piece(cx)) {
                Some(Ok(piece)) => this.piece = piece,
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error))),
                None => {}
            }
        }
        Poll::Ready(Ok(&this.piece))
    }

    fn consume(self: Pin<&mut Self>, amount: usize) {
        self.get_mut().piece.advance(amount);
    }
}

impl AsyncRead for Input {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let available = ready!(self.as_mut().poll_fill_buf(cx))?;
        let amount = available.len().min(buf.remaining());
        buf.put_slice(&available[..amount]);
        self.consume(amount);
        Poll::Ready(Ok(()))
    }
}
