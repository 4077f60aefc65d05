//! One pass over a whole value, for those who build something of all of it.

use std::borrow::Cow;

use crate::wire::scalar::{Number, Written};
use crate::wire::skip::skip_string;

/// Hears a value in the order in which it is written. A key comes before its value.
#[allow(missing_docs, reason = "JSON's own words")]
pub trait Sink<'a> {
    fn object_begin(&mut self);
    fn key(&mut self, key: Written<'a>);
    fn object_end(&mut self);
    fn array_begin(&mut self);
    fn array_end(&mut self);
    fn null(&mut self);
    fn boolean(&mut self, value: bool);
    fn number(&mut self, value: Number<'a>);
    fn string(&mut self, value: Cow<'a, str>);
}

/// Tells `sink` the checked value in `bytes`. A loop, not a recursion: depth costs one bit of a stack of our own.
pub(super) fn walk<'a>(bytes: &'a [u8], sink: &mut impl Sink<'a>) {
    let mut objects = Vec::new();
    let mut key_next = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let mut end = at + 1;
        match byte {
            b'{' | b'[' => {
                key_next = begin(*byte == b'{', &mut objects, sink);
            }
            b'}' | b']' => {
                objects.pop();
                if *byte == b'}' { sink.object_end() } else { sink.array_end() }
            }
            b',' => key_next = objects.last() == Some(&true),
            b'"' => {
                end = skip_string(bytes, at);
                let written = Written::new(&bytes[at..end]);
                if std::mem::take(&mut key_next) { sink.key(written) } else { sink.string(written.text()) }
            }
            b' ' | b'\n' | b'\r' | b'\t' | b':' => {}
            _ => end = bare(bytes, at, sink),
        }
        at = end;
    }
}

fn begin<'a>(is_object: bool, objects: &mut Vec<bool>, sink: &mut impl Sink<'a>) -> bool {
    objects.push(is_object);
    if is_object {
        sink.object_begin()
    } else {
        sink.array_begin()
    }
    is_object
}

/// A number or a word; gives its end.
fn bare<'a>(bytes: &'a [u8], at: usize, sink: &mut impl Sink<'a>) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'E' | b'+' | b'-' | b'.');
    let raw = &rest[..rest.iter().take_while(|byte| is_part(byte)).count().max(1)];
    match raw {
        b"null" => sink.null(),
        b"true" | b"false" => sink.boolean(raw == b"true"),
        _ => {
            if let Some(number) = Number::of(raw) {
                sink.number(number);
            }
        }
    }
    at + raw.len()
}
