//! Makes a document of bytes as they arrive, so that the work is done when the last of them does.

use std::fmt;

use crate::error::{Error, Kind, Limit, Result};
use crate::limits::Limits;
use crate::wire::document::Document;
use crate::wire::split::Splitter;
use crate::wire::{check, fault};

/// How much room a promised length gets before anything has come.
const FIRST_ROOM: u64 = 1 << 20;

/// A document under construction.
pub struct Builder {
    limit: u64,
    expected: u64,
    bytes: Vec<u8>,
    splitter: Splitter,
    checked: usize,
    failed: Option<Error>,
}

impl Builder {
    /// An empty one.
    pub fn new(limits: &Limits) -> Self {
        Self {
            limit: limits.decoded_bytes,
            expected: 0,
            bytes: Vec::new(),
            splitter: Splitter::new(limits),
            checked: 0,
            failed: None,
        }
    }

    /// Says how many bytes have been promised. Room is made for what has come, and for this in steps: a promise is cheap.
    pub fn expect_len(&mut self, len: u64) -> &mut Self {
        self.expected = len.min(self.limit);
        self
    }

    /// Takes the next bytes, finds the items in them, and checks those that are complete.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let result = self.take(bytes);
        self.failed = result.as_ref().err().cloned();
        result
    }

    /// Checks the rest.
    pub fn finish(mut self) -> Result<Document> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.bytes.shrink_to_fit();
        Document::indexed(self.bytes.into(), self.splitter, self.checked)
    }

    fn take(&mut self, bytes: &[u8]) -> Result<()> {
        self.make_room(bytes.len())?;
        self.bytes.extend_from_slice(bytes);
        self.splitter.scan(&self.bytes, 0)?;
        for item in self.splitter.items().elements.iter().skip(self.checked) {
            check::json(item.of(&self.bytes), item.start)?;
        }
        self.checked = self.splitter.items().elements.len();
        Ok(())
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
impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Builder({} bytes)", self.bytes.len())
    }
}
