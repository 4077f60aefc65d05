//! Goes through the members of an object and the elements of an array, in JSON that is known to be valid.

use crate::wire::scalar;
use crate::wire::skip::{Span, skip_space, skip_string, skip_value};

/// The end of a container whose last part has been taken; `at` is still at its beginning if it is empty.
fn container_tail(bytes: &[u8], at: usize, open: u8) -> usize {
    if bytes.get(at) == Some(&open) { skip_space(bytes, at + 1) + 1 } else { at + 1 }
}

/// The members of an object, one after another.
#[derive(Clone, Copy)]
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
#[derive(Clone, Copy)]
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
