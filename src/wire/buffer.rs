//! Bytes that arrive, kept in one piece: room for what has come, never for more than the limit, and little for a promise.

use std::fmt;

use bytes::{Bytes, BytesMut};

use crate::error::{Error, Kind, Limit, Result};
use crate::wire::fault;

/// How much room a promised length gets before anything has come.
const FIRST_ROOM: u64 = 1 << 20;

/// What of the room beyond the limit is for bytes that have been written, and not yet counted.
const AHEAD: usize = 2 << 20;

/// A body that is kept whole.
pub struct Buffer {
    limit: u64,
    expected: u64,
    alone: Vec<u8>,
    /// Instead of `alone`: the front of memory whose rest is somebody else's to write.
    front: Option<BytesMut>,
}

impl Buffer {
    /// An empty one, for at most `limit` bytes.
    pub fn new(limit: u64) -> Self {
        Self { limit, expected: 0, alone: Vec::new(), front: None }
    }

    /// Says how many bytes have been promised. Room is made for what has come, and for this in steps: a promise is cheap.
    pub fn expect_len(&mut self, len: u64) {
        self.expected = len.min(self.limit);
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        let needed = self.within_limit(bytes.len())?;
        let room = self.wanted(needed);
        let alone = self.alone();
        if needed > alone.capacity() {
            alone.try_reserve_exact(room - alone.len()).map_err(|_| no_memory())?;
        }
        alone.extend_from_slice(bytes);
        Ok(())
    }

    /// Memory behind what has come, for the next bytes to be written there, and then joined. It is room for all that is allowed, but
    /// only address space until it is touched: a large allocation is a mapping of its own (mmap(2)), whose end is given back at the end.
    pub fn room(&mut self) -> Option<BytesMut> {
        let most = usize::try_from(self.limit).ok()?.checked_add(AHEAD)?;
        let alone = self.alone();
        alone.try_reserve_exact(most.checked_sub(alone.len())?).ok()?;
        let mut front = BytesMut::from(Bytes::from(std::mem::take(alone)));
        let room = front.split_off(front.len());
        self.front = Some(front);
        Some(room)
    }

    /// Takes the next bytes, without copying those that were written into [`Buffer::room`].
    pub fn join(&mut self, bytes: BytesMut) -> Result<()> {
        self.within_limit(bytes.len())?;
        match &mut self.front {
            Some(front) => front.unsplit(bytes),
            None => self.push(&bytes)?,
        }
        Ok(())
    }

    /// What has come.
    pub fn bytes(&self) -> &[u8] {
        self.front.as_deref().unwrap_or(&self.alone)
    }

    /// What has come, and no more room than it takes.
    pub fn into_bytes(mut self) -> Bytes {
        let mut alone = std::mem::take(self.alone());
        alone.shrink_to_fit();
        alone.into()
    }

    /// How many bytes there will be with `more`.
    fn within_limit(&self, more: usize) -> Result<usize> {
        let needed = self.bytes().len() + more;
        match needed as u64 > self.limit {
            true => Err(fault::over(Limit::DecodedBytes, self.limit)),
            false => Ok(needed),
        }
    }

    /// Half as much again as is needed, or towards the promised length.
    fn wanted(&self, needed: usize) -> usize {
        let promised = self.expected.min(FIRST_ROOM.max(4 * needed as u64)) as usize;
        needed.max((needed / 2 * 3).min(self.limit as usize)).max(promised)
    }

    /// Without anybody behind: nothing is copied where they have gone.
    fn alone(&mut self) -> &mut Vec<u8> {
        if let Some(front) = self.front.take() {
            self.alone = front.into();
        }
        &mut self.alone
    }
}

/// Said instead of aborting.
fn no_memory() -> Error {
    Error::new(Kind::Limit(Limit::Budget), "there is no memory for the answer")
}

/// Shows how much, never what: it may be a Secret.
impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer({} bytes)", self.bytes().len())
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
                assert!(buffer.alone.capacity() <= 1000, "{} for pieces of {piece}", buffer.alone.capacity());
            }
            assert!(buffer.bytes().len() + piece > 1000);
        }
    }

    #[test]
    fn joins_what_was_written_into_its_room_and_what_was_not() {
        for before in [&b""[..], b"before "] {
            let mut buffer = Buffer::new(1000);
            buffer.push(before).unwrap();
            let mut room = buffer.room().unwrap();
            let first = room.as_ptr();
            room.extend_from_slice(b"in its room ");
            buffer.join(room.split()).unwrap();
            assert_eq!(buffer.bytes()[before.len()..].as_ptr(), first, "it was copied");
            room.extend_from_slice(b"twice ");
            buffer.join(room.split()).unwrap();
            buffer.join(BytesMut::from("elsewhere ")).unwrap();
            buffer.push(b"and pushed").unwrap();
            drop(room);
            let whole = [before, b"in its room twice elsewhere and pushed"].concat();
            assert_eq!(buffer.into_bytes(), whole);
        }
    }

    #[test]
    fn joins_no_more_than_the_limit() {
        let mut buffer = Buffer::new(10);
        buffer.push(b"12345").unwrap();
        let mut room = buffer.room().unwrap();
        room.extend_from_slice(b"67890!");
        let last = room.split_off(5);
        buffer.join(room).unwrap();
        assert_eq!(buffer.join(last).unwrap_err().kind(), Kind::Limit(Limit::DecodedBytes));
        assert_eq!(buffer.into_bytes(), "1234567890");
    }

    #[test]
    fn a_promise_is_cheap() {
        let mut buffer = Buffer::new(1 << 40);
        buffer.expect_len(1 << 40);
        buffer.push(b"{").unwrap();
        assert!(buffer.alone.capacity() <= FIRST_ROOM as usize);
    }
}
