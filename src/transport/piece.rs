//! Some bytes of a body, and whose memory they are in.

use std::ops::Deref;

use bytes::{Bytes, BytesMut};

/// Some bytes of a body.
#[derive(Debug)]
pub enum Piece {
    /// As they came.
    Came(Bytes),
    /// In the room they were unpacked into: see [`super::Body::unpack_into`].
    Unpacked(BytesMut),
}

impl Deref for Piece {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Came(bytes) => bytes,
            Self::Unpacked(bytes) => bytes,
        }
    }
}

impl From<Piece> for Bytes {
    fn from(piece: Piece) -> Self {
        match piece {
            Piece::Came(bytes) => bytes,
            Piece::Unpacked(bytes) => bytes.freeze(),
        }
    }
}
