//! Is it JSON? serde_json decides; UTF-8 is asked for too, because serde_json skips what it ignores.

use std::io::Read;

use serde::de::IgnoredAny;
use serde_json::error::Category;

use crate::error::Result;
use crate::wire::fault;

/// Checks that `bytes`, which begin at byte `at` of the answer, are exactly one JSON value.
pub(super) fn json(bytes: &[u8], at: usize) -> Result<()> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Err(fault::not_json("invalid UTF-8", at + error.valid_up_to())),
    };
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) => Ok(()),
        Err(error) if error.classify() == Category::Eof => Err(fault::incomplete("it ends too early")),
        Err(error) => Err(fault::not_json("a bad token", at + offset(bytes, error.line(), error.column()))),
    }
}

/// Checks that `head` and `tail`, put together, are one JSON value. They are cut at a bracket, so each is UTF-8 by itself.
/// Nothing is copied: whoever makes the outside of a list heavy must not have it held twice.
pub(super) fn json_in_two(head: &[u8], tail: &[u8]) -> Result<()> {
    for part in [head, tail] {
        std::str::from_utf8(part).map_err(|error| fault::not_json("invalid UTF-8", error.valid_up_to()))?;
    }
    match serde_json::from_reader::<_, IgnoredAny>(head.chain(tail)) {
        Ok(_) => Ok(()),
        Err(error) if error.classify() == Category::Eof => Err(fault::incomplete("it ends too early")),
        Err(_) => Err(fault::not_json("a bad token outside its items", 0)),
    }
}

/// Where a line and a column, both counted from one, are.
fn offset(bytes: &[u8], line: usize, column: usize) -> usize {
    let lines_before = line.saturating_sub(1);
    let start = memchr::memchr_iter(b'\n', bytes).take(lines_before).last().map_or(0, |newline| newline + 1);
    (start + column.saturating_sub(1)).min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_and_never_what() {
        let words = |bytes: &[u8]| json(bytes, 100).unwrap_err().words().to_owned();
        assert_eq!(words(b"[1,\n2,\nMARKER]"), "the answer is not JSON (a bad token near byte 107)");
        assert_eq!(words(b"\"a\xff\""), "the answer is not JSON (invalid UTF-8 near byte 102)");
        assert_eq!(words(b"[1"), "the answer is not complete JSON (it ends too early)");
        assert_eq!(words(b"1 2"), "the answer is not JSON (a bad token near byte 102)");
    }
}
