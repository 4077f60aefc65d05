//! Makes a document of bytes as they arrive, so that the work is done when the last of them does.

use std::fmt;

use bytes::BytesMut;

use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::wire::Buffer;
use crate::wire::check;
use crate::wire::document::Document;
use crate::wire::split::Splitter;

/// A document under construction.
pub struct Builder {
    buffer: Buffer,
    splitter: Splitter,
    checked: usize,
    failed: Option<Error>,
}

impl Builder {
    /// An empty one.
    pub fn new(limits: &Limits) -> Self {
        Self { buffer: Buffer::new(limits.decoded_bytes), splitter: Splitter::new(limits), checked: 0, failed: None }
    }

    /// Says how many bytes have been promised.
    pub fn expect_len(&mut self, len: u64) -> &mut Self {
        self.buffer.expect_len(len);
        self
    }

    /// What the index of the items takes so far, next to the bytes.
    pub fn index_size(&self) -> usize {
        size_of_val(&*self.splitter.items().elements)
    }

    /// Takes the next bytes, finds the items in them, and checks those that are complete.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.take(|buffer| buffer.push(bytes))
    }

    /// The same of bytes that may be in [`Builder::room`].
    pub fn join(&mut self, bytes: BytesMut) -> Result<()> {
        self.take(|buffer| buffer.join(bytes))
    }

    /// Where the next bytes may be written, so that they need not be copied.
    pub fn room(&mut self) -> Option<BytesMut> {
        self.buffer.room()
    }

    /// Checks the rest.
    pub fn finish(self) -> Result<Document> {
        match self.failed {
            Some(error) => Err(error),
            None => Document::indexed(self.buffer.into_bytes(), self.splitter, self.checked),
        }
    }

    fn take(&mut self, bytes: impl FnOnce(&mut Buffer) -> Result<()>) -> Result<()> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let result = bytes(&mut self.buffer).and_then(|()| self.index());
        self.failed = result.as_ref().err().cloned();
        result
    }

    fn index(&mut self) -> Result<()> {
        let bytes = self.buffer.bytes();
        self.splitter.scan(bytes, 0)?;
        for item in self.splitter.items().elements.iter().skip(self.checked) {
            check::json(item.of(bytes), item.start)?;
        }
        self.checked = self.splitter.items().elements.len();
        Ok(())
    }
}

/// Shows how much, never what: it may be a Secret.
impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Builder({} bytes)", self.buffer.bytes().len())
    }
}
