//! Finds members, elements and ends of values in JSON that is known to be valid. Allocates nothing.

use crate::wire::block::{BLOCK, Carry};
use crate::wire::scalar;

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
    let mut block = [b' '; BLOCK];
    block.iter_mut().zip(tail).for_each(|(to, from)| *to = *from);
    container_end(&mut carry, &block, tail.len(), &mut depth).map_or(bytes.len(), |end| at + blocks.len() * BLOCK + end)
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

/// The end of a container whose last part has been taken; `at` is still at its beginning if it is empty.
fn container_tail(bytes: &[u8], at: usize, open: u8) -> usize {
    if bytes.get(at) == Some(&open) { skip_space(bytes, at + 1) + 1 } else { at + 1 }
}

/// The members of an object, one after another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Members<'a> {
    bytes: &'a [u8],
    at: usize,
    known: Option<Span>,
}

impl<'a> Members<'a> {
    /// Of the object at `at`; `known` is a value whose end need not be looked for.
    pub fn new(bytes: &'a [u8], at: usize, known: Option<Span>) -> Self {
        Self { bytes, at, known }
    }

    /// The next key, and where its value begins. The caller says with [`Members::resume`] where that ends.
    #[inline]
    pub fn key(&mut self) -> Option<(Span, usize)> {
        let start = skip_space(self.bytes, self.at + 1); // past `{` or `,`
        if self.bytes.get(start) != Some(&b'"') {
            return None;
        }
        let end = skip_string(self.bytes, start);
        let colon = skip_space(self.bytes, end);
        Some((Span { start, end }, skip_space(self.bytes, colon + 1)))
    }

    /// Goes on after a value that ends at `end`.
    #[inline]
    pub fn resume(&mut self, end: usize) {
        self.at = skip_space(self.bytes, end);
    }

    /// The end of the object, once all members have been taken.
    pub fn end(&self) -> usize {
        container_tail(self.bytes, self.at, b'{')
    }

    /// The value of the last member of this name: the one that Ruby's `JSON.parse` and Go keep.
    pub fn find(self, name: &str) -> Option<Span> {
        let bytes = self.bytes;
        self.filter(|(key, _)| scalar::is(key.of(bytes), name)).last().map(|(_, value)| value)
    }
}

impl Iterator for Members<'_> {
    type Item = (Span, Span);

    fn next(&mut self) -> Option<Self::Item> {
        let (key, start) = self.key()?;
        let end = match self.known {
            Some(known) if known.start == start => known.end,
            _ => skip_value(self.bytes, start),
        };
        self.resume(end);
        Some((key, Span { start, end }))
    }
}

/// The elements of an array, one after another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Elements<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Elements<'a> {
    /// Of the array at `at`.
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// Where the next element begins. The caller says with [`Elements::resume`] where that ends.
    #[inline]
    pub fn element(&mut self) -> Option<usize> {
        if matches!(self.bytes.get(self.at)?, b'[' | b',') {
            let start = skip_space(self.bytes, self.at + 1);
            return (*self.bytes.get(start)? != b']').then_some(start);
        }
        None
    }

    /// Goes on after an element that ends at `end`.
    #[inline]
    pub fn resume(&mut self, end: usize) {
        self.at = skip_space(self.bytes, end);
    }

    /// The end of the array, once all elements have been taken.
    pub fn end(&self) -> usize {
        container_tail(self.bytes, self.at, b'[')
    }
}

impl Iterator for Elements<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let start = self.element()?;
        let end = skip_value(self.bytes, start);
        self.resume(end);
        Some(Span { start, end })
    }
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

    #[test]
    fn the_last_of_two_members_counts() {
        let text = br#"{ "a" : 1 , "b" : [ "a" , 2 ] , "a" : {"a":3} }"#;
        let found = |name| Members::new(text, 0, None).find(name).map(|span| String::from_utf8_lossy(span.of(text)));
        assert_eq!(found("a").as_deref(), Some(r#"{"a":3}"#));
        assert_eq!(found("b").as_deref(), Some(r#"[ "a" , 2 ]"#));
        assert_eq!(found("c"), None);
    }

    #[test]
    fn walks_elements() {
        let all =
            |text: &str| Elements::new(text.as_bytes(), 0).map(|e| text[e.start..e.end].to_owned()).collect::<Vec<_>>();
        assert!(all("[]").is_empty() && all("[ ]").is_empty());
        assert_eq!(all(r#"[ 1,"]" ,{"a":[2]},[ ] ]"#), ["1", r#""]""#, r#"{"a":[2]}"#, "[ ]"]);
    }
}
