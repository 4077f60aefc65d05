//! The body of an answer: decompressed, counted, timed.

use std::future::poll_fn;

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use hyper::body::Incoming;

use super::budget::Share;
use super::gzip::{self, Gzip};
use super::homecoming::Homecoming;
use super::limit::Meter;
use super::link::Seat;
use super::piece::Piece;
use super::pool::Place;
use super::timeout::Clock;
use super::unpack::{self, Asked, Elsewhere};
use super::wire::Wire;
use super::{Mode, failure};
use crate::driver::step_back;
use crate::error::{Error, Kind, Result};
use crate::limits::Limits;

/// What is read by a thread that also moves the bytes of others: less than a millisecond's work.
const LIGHT: u64 = 64 << 10;

/// A body that is still coming. Dropping it closes the connection (HTTP/1.1) or resets the stream (HTTP/2).
#[derive(Debug)]
pub struct Body {
    coding: Coding,
    meter: Meter,
    clock: Clock,
    mode: Mode,
    share: Option<Share>,
    seat: Option<Seat>,
    homecoming: Option<Homecoming>,
    place: Option<Place>,
}

#[derive(Debug)]
enum Coding {
    Identity(Wire),
    Gzip(Box<Gzip>, Option<Asked>),
    Elsewhere(Elsewhere),
    Unknown,
    Over,
}

impl Body {
    /// Takes the coding off `headers`, which then tell the truth about what [`Body::chunk`] gives. A stream may be as long
    /// as it likes: whoever reads it keeps a line of it, not all.
    pub(crate) fn new(
        incoming: Incoming,
        headers: &mut HeaderMap,
        seat: Option<Seat>,
        clock: Clock,
        mode: Mode,
        limits: &Limits,
    ) -> Self {
        let (limits, share) = match mode {
            Mode::Whole => (limits.clone(), Some(Share::new(limits.decoded_bytes))),
            Mode::Stream => (Limits { wire_bytes: u64::MAX, decoded_bytes: u64::MAX, ..limits.clone() }, None),
            Mode::Pieces => (limits.in_pieces(), None),
        };
        let coding = Coding::of(headers, Wire::new(incoming, limits.wire_bytes));
        Self { coding, meter: Meter::new(&limits), clock, mode, share, seat, homecoming: None, place: None }
    }

    /// What to wait for when the last piece has come, and what to give back.
    pub(crate) fn then(&mut self, homecoming: Option<Homecoming>, place: Option<Place>) {
        (self.homecoming, self.place) = (homecoming, place);
    }

    /// The next bytes, as [`Body::piece`] gives them.
    pub async fn chunk(&mut self) -> Option<Result<Bytes>> {
        self.piece().await.map(|piece| piece.map(Bytes::from))
    }

    /// Where the body is compressed and large, what is still to come is unpacked into `room`, once: a reader that keeps all of it
    /// need not copy it, and the pages are touched first by the thread that unpacks.
    pub fn unpack_into(&mut self, room: impl FnOnce() -> Option<BytesMut>) {
        if self.is_over(unpack::LARGE)
            && let Coding::Gzip(gzip, _) = &mut self.coding
        {
            gzip.unpack_into(room);
        }
    }

    /// The next piece; `None` at the end. After an error there is nothing more, and the connection is closed.
    ///
    /// Cancel-safe: a piece is either returned or still to come.
    pub async fn piece(&mut self) -> Option<Result<Piece>> {
        if self.is_over(LIGHT) {
            step_back().await;
        }
        if self.is_over(unpack::LARGE) {
            self.coding.hand_over(&mut self.clock);
        }
        let piece = match self.clock.piece(self.coding.piece()).await {
            Ok(piece) => piece.map(|piece| piece.and_then(|piece| self.counted(piece))),
            Err(timeout) => Some(Err(timeout)),
        };
        if !matches!(piece, Some(Ok(_))) {
            self.coding = Coding::Over;
            (self.share, self.place) = (None, None);
        }
        if let Some(homecoming) = self.homecoming.take_if(|_| piece.is_none()) {
            homecoming.wait().await;
        }
        piece.map(|piece| piece.map_err(|error| self.told(error)).inspect_err(|error| self.blame(error)))
    }

    /// Says that `error` came of it: where the server is to blame, its connection is not used again.
    pub(crate) fn blame(&self, error: &Error) {
        if let Some(seat) = self.seat.as_ref().filter(|_| failure::is_misbehaviour(error)) {
            seat.retire();
        }
    }

    /// Counts `bytes` that its reader holds besides it (an index) against what the process has left.
    pub(crate) fn hold(&mut self, bytes: u64) -> Result<()> {
        self.share.as_mut().map_or(Ok(()), |share| share.take(bytes))
    }

    /// A stream that breaks off was cut: the watch or the log it belongs to can go on from where it was.
    fn told(&self, error: Error) -> Error {
        match (self.mode, error.kind()) {
            (Mode::Stream, Kind::Reset) => {
                Error::new(Kind::Cut, "the stream was cut: the server closed the connection").with_outcome_unknown(true)
            }
            _ => error,
        }
    }

    /// Whether so much has come of what is wanted whole.
    fn is_over(&self, bytes: u64) -> bool {
        self.mode == Mode::Whole && self.meter.is_over(bytes)
    }

    fn counted(&mut self, piece: Piece) -> Result<Piece> {
        let length = piece.len() as u64;
        self.meter.decoded(length, self.coding.taken())?;
        self.hold(length)?;
        Ok(piece)
    }
}

impl Coding {
    fn of(headers: &mut HeaderMap, wire: Wire) -> Self {
        let Some(coding) = headers.get(CONTENT_ENCODING) else { return Self::Identity(wire) };
        match coding.as_bytes() {
            b"identity" => Self::Identity(wire),
            b"gzip" | b"x-gzip" => {
                headers.remove(CONTENT_ENCODING);
                headers.remove(CONTENT_LENGTH);
                Self::Gzip(Box::new(Gzip::new(wire)), None)
            }
            _ => Self::Unknown,
        }
    }

    /// Gives what is left of a compressed body to the thread that has come for it; asks for one first.
    fn hand_over(&mut self, clock: &mut Clock) {
        *self = match std::mem::replace(self, Self::Over) {
            Self::Gzip(gzip, None) => Self::Gzip(gzip, Asked::new()),
            Self::Gzip(gzip, Some(asked)) => match asked.give(gzip, clock) {
                Ok(elsewhere) => Self::Elsewhere(elsewhere),
                Err((gzip, asked)) => Self::Gzip(gzip, asked),
            },
            other => other,
        };
    }

    fn taken(&self) -> u64 {
        match self {
            Self::Identity(wire) => wire.taken(),
            Self::Gzip(gzip, _) => gzip.taken(),
            Self::Elsewhere(elsewhere) => elsewhere.taken(),
            Self::Unknown | Self::Over => 0,
        }
    }

    async fn piece(&mut self) -> Option<Result<Piece>> {
        match self {
            Self::Identity(wire) => poll_fn(|cx| wire.poll_piece(cx)).await.map(|piece| piece.map(Piece::Came)),
            Self::Gzip(gzip, _) => gzip.piece(gzip::PIECE).await.map(|piece| piece.map(Piece::Unpacked)),
            Self::Elsewhere(elsewhere) => elsewhere.piece().await.map(|piece| piece.map(Piece::Unpacked)),
            Self::Unknown => {
                Some(Err(Error::new(Kind::Parse, "the server's answer is in a coding that nobody asked for")))
            }
            Self::Over => None,
        }
    }
}
