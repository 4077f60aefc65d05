//! Cuts a stream into lines, whatever pieces it comes in.

use std::fmt;

use bytes::Bytes;

use crate::error::{Error, Kind, Limit, Result};
use crate::wire::fault;

/// What the buffer may keep once it is empty.
const KEPT: usize = 64 << 10;

/// Lines of a watch or a log. Only `\n` ends a line; a `\r` before it belongs to the log, and is white space in JSON.
///
/// Take all lines after each push: what is not taken stays in memory.
pub struct Lines {
    limit: usize,
    buffer: Vec<u8>,
    start: usize,
    looked: usize,
    failed: bool,
}

impl Lines {
    /// Lines of at most `limit` bytes each, without the newline.
    pub fn new(limit: usize) -> Self {
        Self { limit, buffer: Vec::new(), start: 0, looked: 0, failed: false }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.failed {
            return;
        }
        self.forget();
        self.buffer.extend_from_slice(bytes);
    }

    /// The next line, without its newline; an error, once, when it is longer than the limit, complete or not.
    pub fn next_line(&mut self) -> Option<Result<Bytes>> {
        let found = memchr::memchr(b'\n', self.buffer.get(self.looked..)?).map(|len| self.looked + len);
        let end = found.unwrap_or(self.buffer.len());
        if end - self.start > self.limit {
            *self = Self { failed: true, ..Self::new(self.limit) };
            return Some(Err(fault::over(Limit::LineLength, self.limit)));
        }
        self.looked = found.map_or(end, |newline| newline + 1);
        found?;
        let line = Bytes::copy_from_slice(self.buffer.get(self.start..end)?); // a kept event must not keep its neighbours
        self.start = self.looked;
        Some(Ok(line))
    }

    /// Takes the bytes after the last newline: the last line of a log may have none.
    pub fn rest(&mut self) -> Option<Bytes> {
        let rest = self.buffer.get(self.start..).filter(|rest| !rest.is_empty()).map(Bytes::copy_from_slice);
        (self.start, self.looked) = (self.buffer.len(), self.buffer.len());
        rest
    }

    /// Says whether the stream ended where a line does.
    pub fn finish(&self) -> Result<()> {
        if self.start < self.buffer.len() {
            return Err(Error::new(Kind::Cut, "the stream ended in the middle of a line"));
        }
        Ok(())
    }

    fn forget(&mut self) {
        self.buffer.drain(..self.start);
        self.looked -= self.start;
        self.start = 0;
        if self.buffer.is_empty() {
            self.buffer.shrink_to(KEPT);
        }
    }
}

/// Shows how much, never what: it may be a Secret.
impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lines({} bytes)", self.buffer.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drain(lines: &mut Lines) -> Vec<Result<String, Kind>> {
        std::iter::from_fn(|| lines.next_line())
            .map(|line| line.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).map_err(|error| error.kind()))
            .collect()
    }

    #[test]
    fn gives_the_same_lines_however_the_bytes_are_cut() {
        let stream = b"one\n\ntwo\r\n \xe2\x82\xac\nlast\n";
        let whole = ["one", "", "two\r", " €", "last"].map(|line| Ok(line.to_owned()));
        for size in 1..=stream.len() {
            let mut lines = Lines::new(6);
            let got: Vec<_> = stream
                .chunks(size)
                .flat_map(|chunk| {
                    lines.push(chunk);
                    drain(&mut lines)
                })
                .collect();
            assert_eq!(got, whole, "pieces of {size}");
            assert!(lines.finish().is_ok());
        }
    }

    #[test]
    fn says_that_the_last_line_is_torn() {
        let mut lines = Lines::new(100);
        lines.push(b"whole\nto");
        lines.push(b"rn");
        assert_eq!(drain(&mut lines), [Ok("whole".to_owned())]);
        assert_eq!(lines.finish().unwrap_err().kind(), Kind::Cut);
        assert_eq!(lines.rest().as_deref(), Some(&b"torn"[..]));
        assert!(lines.finish().is_ok() && lines.rest().is_none());
    }

    #[test]
    fn refuses_a_long_line_before_it_ends() {
        let mut lines = Lines::new(4);
        lines.push(b"four\n12345");
        assert_eq!(drain(&mut lines), [Ok("four".to_owned()), Err(Kind::Limit(Limit::LineLength))]);
        lines.push(b"more\nlines\n");
        assert_eq!(drain(&mut lines), [], "and nothing after it");
        assert_eq!(lines.buffer.capacity(), 0);
    }

    #[test]
    fn refuses_a_long_line_that_came_in_one_piece() {
        let mut lines = Lines::new(4);
        lines.push(b"12345\nok\n");
        assert_eq!(drain(&mut lines), [Err(Kind::Limit(Limit::LineLength))]);
    }

    #[test]
    fn keeps_no_more_room_than_it_needs() {
        let mut lines = Lines::new(1 << 20);
        lines.push(&[b'a'; 1 << 20]);
        lines.push(b"\n");
        assert_eq!(drain(&mut lines).len(), 1);
        lines.push(b"b");
        assert!(lines.buffer.capacity() <= KEPT);
    }
}
