//! Finds where a value ends, in JSON that is known to be valid. Allocates nothing.

use crate::wire::block::{BLOCK, Carry, padded};

/// A value, or a string with its quotes: its first byte and the byte after its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    /// The bytes.
    pub fn of(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// The bytes, out of those that begin at byte `base` of the answer; none if they are gone.
    pub fn since(self, base: usize, bytes: &[u8]) -> Option<&[u8]> {
        bytes.get(self.start.checked_sub(base)?..self.end.checked_sub(base)?)
    }
}

/// The first byte from `at` on that is no white space.
#[inline]
pub(super) fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
    }
    at
}

/// The end of the value that begins at `at`.
pub(super) fn skip_value(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'"') => skip_string(bytes, at),
        Some(b'{' | b'[') => skip_container(bytes, at),
        _ => skip_bare(bytes, at),
    }
}

/// The end of the string whose opening quote is at `at`.
#[inline]
pub(super) fn skip_string(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found;
        if bytes.get(at) == Some(&b'"') {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

fn skip_bare(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let len = rest.iter().position(|byte| matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t'));
    at + len.unwrap_or(rest.len())
}

fn skip_container(bytes: &[u8], at: usize) -> usize {
    let mut carry = Carry::default();
    let mut depth = 0;
    let (blocks, tail) = bytes.get(at..).unwrap_or_default().as_chunks::<BLOCK>();
    for (i, block) in blocks.iter().enumerate() {
        if let Some(end) = container_end(&mut carry, block, BLOCK, &mut depth) {
            return at + i * BLOCK + end;
        }
    }
    container_end(&mut carry, &padded(tail), tail.len(), &mut depth)
        .map_or(bytes.len(), |end| at + blocks.len() * BLOCK + end)
}

/// Where in this block the depth comes back to zero.
#[inline]
fn container_end(carry: &mut Carry, block: &[u8; BLOCK], n: usize, depth: &mut usize) -> Option<usize> {
    let masks = carry.read(block, n);
    let mut closes = masks.closes;
    if *depth > closes.count_ones() as usize {
        *depth += masks.opens.count_ones() as usize;
        *depth -= closes.count_ones() as usize;
        return None;
    }
    let mut counted = 0;
    while closes != 0 {
        let bit = closes.trailing_zeros();
        let opened_before = (masks.opens & ((1 << bit) - 1)).count_ones() as usize;
        counted += 1;
        if *depth + opened_before <= counted {
            return Some(bit as usize + 1);
        }
        closes &= closes - 1;
    }
    *depth += masks.opens.count_ones() as usize;
    *depth -= counted;
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skips_values_of_every_kind() {
        let long = format!("[{}]", r#"{"a":["}",{"b":"\\\""}]},"#.repeat(20).trim_end_matches(','));
        for value in ["1", "-1.5e3", "true", "null", r#""a\"b""#, "{}", "[]", r#"{"a":[1,{"b":"]"}]}"#, &long] {
            for after in ["", ",1", " ]", "}"] {
                assert_eq!(skip_value(format!("{value}{after}").as_bytes(), 0), value.len(), "{value}{after}");
            }
        }
    }
}
