//! A document is accepted exactly when serde_json accepts it, is the same in whatever pieces it came, and walks alike.
#![no_main]

use std::borrow::Cow;

use gitlab_kube::{Limits, Result};
use gitlab_kube::error::Kind;
use gitlab_kube::wire::{Builder, Document, Node, NodeKind, Number, Sink, Written};
use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;
use serde_json::Value;

fuzz_target!(|input: (u8, bool, &[u8])| {
    let (size, tight, bytes) = (usize::from(input.0) + 1, input.1, input.2);
    let limits = if tight { tight_limits() } else { Limits::default() };
    let whole = Document::parse(bytes.to_vec(), &limits);
    let mut builder = Builder::new(&limits);
    let pieces = bytes.chunks(size).try_for_each(|piece| builder.push(piece)).and_then(|()| builder.finish());
    for pieces in [pieces, joined(bytes, size, &limits)] {
        match (&whole, &pieces) {
            (Ok(whole), Ok(pieces)) => assert_eq!((items(whole), whole.bytes()), (items(pieces), pieces.bytes())),
            (Err(_), Err(_)) => {}
            _ => panic!("in one piece {whole:?}, in pieces of {size} {pieces:?}"),
        }
    }
    let is_json = std::str::from_utf8(bytes).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
    match whole {
        Ok(document) => {
            assert!(is_json, "accepted");
            read(&document, bytes);
        }
        Err(error) if error.kind() == Kind::Parse => assert!(!is_json || items_twice(bytes), "refused: {error}"),
        Err(error) => assert!(matches!(error.kind(), Kind::Limit(_))),
    }
});

/// The first piece is pushed; the others are written where the document keeps them, as a thread that unpacks does.
fn joined(bytes: &[u8], size: usize, limits: &Limits) -> Result<Document> {
    let mut builder = Builder::new(&Limits { decoded_bytes: limits.decoded_bytes.min(1 << 20), ..limits.clone() });
    let mut pieces = bytes.chunks(size);
    builder.push(pieces.next().unwrap_or_default())?;
    let mut room = builder.room().expect("room");
    for piece in pieces {
        room.extend_from_slice(piece);
        builder.join(room.split())?;
    }
    builder.finish()
}

/// Tight enough to be met, and wide enough for whole blocks to be hurried through.
fn tight_limits() -> Limits {
    Limits { depth: 6, string_bytes: 70, number_bytes: 130, items: 4, decoded_bytes: 500, ..Limits::default() }
}

fn items(document: &Document) -> Vec<Vec<u8>> {
    (0..document.items_len().unwrap_or(0)).map(|i| document.item(i).unwrap().raw().to_vec()).collect()
}

/// The one thing that is JSON and refused.
fn items_twice(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.matches("items").count() + text.matches("\\u00").count() > 1
}

/// Reads everything by name and number, and compares it with serde_json's tree where that can be built.
fn read(document: &Document, bytes: &[u8]) {
    let root = document.root();
    let mut count = Count(0);
    root.walk(&mut count);
    assert_eq!(count.0, values(&root));
    if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
        same(&root, &value);
        assert_eq!(document.is_list(), matches!(value.get("items"), Some(Value::Array(_) | Value::Null)));
    }
}

fn values(node: &Node) -> usize {
    let inner: usize = match node.kind() {
        NodeKind::Object => node.members().iter().map(|(_, value)| values(value)).sum(),
        _ => node.elements().iter().map(values).sum(),
    };
    1 + inner
}

fn same(node: &Node, value: &Value) {
    match value {
        Value::Null => assert!(node.is_null()),
        Value::Bool(value) => assert_eq!(node.boolean(), Some(*value)),
        Value::String(value) => assert_eq!(node.text().as_deref(), Some(value.as_str())),
        Value::Number(value) => match node.number() {
            Some(Number::I64(number)) => assert!(value.as_i64() == Some(number) || value.as_f64() == Some(0.0)), // -0
            Some(Number::U64(number)) => assert_eq!(value.as_u64(), Some(number)),
            other => assert!(other.is_some() && value.is_f64()),
        },
        Value::Array(list) => {
            assert_eq!(node.len(), list.len());
            node.elements().iter().zip(list).for_each(|(node, value)| same(node, value));
        }
        Value::Object(map) => map.iter().for_each(|(key, value)| same(&node.get(key).expect("the member"), value)),
    }
}

struct Count(usize);

impl<'a> Sink<'a> for Count {
    fn object_begin(&mut self) {
        self.0 += 1;
    }
    fn key(&mut self, _: Written<'a>) {}
    fn object_end(&mut self) {}
    fn array_begin(&mut self) {
        self.0 += 1;
    }
    fn array_end(&mut self) {}
    fn null(&mut self) {
        self.0 += 1;
    }
    fn boolean(&mut self, _: bool) {
        self.0 += 1;
    }
    fn number(&mut self, _: Number<'_>) {
        self.0 += 1;
    }
    fn string(&mut self, _: Cow<'a, str>) {
        self.0 += 1;
    }
}
