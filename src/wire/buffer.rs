//! Bytes that arrive, kept in one piece: room for what has come, never for more than the limit, and little for a promise.

use std::fmt;

use bytes::Bytes;

use crate::error::{Error, Kind, Limit, Result};
use crate::wire::fault;

/// How much room a promised length gets before anything has come.
const FIRST_ROOM: u64 = 1 << 20;

/// A body that is kept whole.
pub struct Buffer {
    limit: u64,
    expected: u64,
    bytes: Vec<u8>,
}

impl Buffer {
    /// An empty one, for at most `limit` bytes.
    pub fn new(limit: u64) -> Self {
        Self { limit, expected: 0, bytes: Vec::new() }
    }

    /// Says how many bytes have been promised. Room is made for what has come, and for this in steps: a promise is cheap.
    pub fn expect_len(&mut self, len: u64) {
        self.expected = len.min(self.limit);
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.make_room(bytes.len())?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// What has come.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What has come, and no more room than it takes.
    pub fn into_bytes(mut self) -> Bytes {
        self.bytes.shrink_to_fit();
        self.bytes.into()
    }

    /// Grows by half, or towards the promised length, and says so instead of aborting when there is no memory.
    fn make_room(&mut self, more: usize) -> Result<()> {
        let needed = self.bytes.len() + more;
        if needed as u64 > self.limit {
            return Err(fault::over(Limit::DecodedBytes, self.limit));
        }
        if needed <= self.bytes.capacity() {
            return Ok(());
        }
        let promised = self.expected.min(FIRST_ROOM.max(4 * needed as u64)) as usize;
        let room = needed.max(needed / 2 * 3).min(self.limit as usize).max(promised);
        let none = |_| Error::new(Kind::Limit(Limit::Budget), "there is no memory for the answer");
        self.bytes.try_reserve_exact(room.max(needed) - self.bytes.len()).map_err(none)
    }
}

/// Shows how much, never what: it may be a Secret.
impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer({} bytes)", self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_no_more_room_than_the_limit() {
        for (promised, piece) in [(0, 7), (0, 900), (1000, 7), (u64::MAX, 300)] {
            let mut buffer = Buffer::new(1000);
            buffer.expect_len(promised);
            while buffer.push(&vec![b'a'; piece]).is_ok() {
                assert!(buffer.bytes.capacity() <= 1000, "{} for pieces of {piece}", buffer.bytes.capacity());
            }
            assert!(buffer.bytes().len() + piece > 1000);
        }
    }

    #[test]
    fn a_promise_is_cheap() {
        let mut buffer = Buffer::new(1 << 40);
        buffer.expect_len(1 << 40);
        buffer.push(b"{").unwrap();
        assert!(buffer.bytes.capacity() <= FIRST_ROOM as usize);
    }
}
