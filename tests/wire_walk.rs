//! Walking a document tells the same as serde_json's own tree.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

#[path = "support/corpus.rs"]
mod corpus;

use std::borrow::Cow;

use gitlab_kube::Limits;
use gitlab_kube::wire::{Document, Number, Sink, Written};
use serde_json::{Map, Value};

/// Builds a tree from what it hears.
#[derive(Default)]
struct Tree {
    open: Vec<(Value, Option<String>)>,
    done: Option<Value>,
}

impl Tree {
    fn put(&mut self, value: Value) {
        match self.open.last_mut() {
            Some((Value::Array(list), _)) => list.push(value),
            Some((Value::Object(map), key)) => {
                map.insert(key.take().expect("a key comes first"), value);
            }
            _ => assert!(self.done.replace(value).is_none(), "one root"),
        }
    }

    fn close(&mut self) {
        let (value, _) = self.open.pop().expect("it was opened");
        self.put(value);
    }
}

impl<'a> Sink<'a> for Tree {
    fn object_begin(&mut self) {
        self.open.push((Value::Object(Map::new()), None));
    }
    fn key(&mut self, key: Written<'a>) {
        self.open.last_mut().expect("an object is open").1 = Some(key.text().into_owned());
    }
    fn object_end(&mut self) {
        self.close();
    }
    fn array_begin(&mut self) {
        self.open.push((Value::Array(Vec::new()), None));
    }
    fn array_end(&mut self) {
        self.close();
    }
    fn null(&mut self) {
        self.put(Value::Null);
    }
    fn boolean(&mut self, value: bool) {
        self.put(value.into());
    }
    fn number(&mut self, value: Number<'_>) {
        self.put(match value {
            Number::I64(number) => number.into(),
            Number::U64(number) => number.into(),
            Number::F64(number) => number.into(),
            Number::Big(digits) => serde_json::from_str(digits).expect("serde_json makes a float of it"),
        });
    }
    fn string(&mut self, value: Cow<'a, str>) {
        self.put(value.into());
    }
}

fn walked(text: &str) -> Value {
    let mut tree = Tree::default();
    Document::parse(text.to_owned(), &Limits::default()).expect(text).root().walk(&mut tree);
    assert!(tree.open.is_empty());
    tree.done.expect(text)
}

#[test]
fn tells_what_serde_json_reads() {
    for seed in 1..400 {
        let value = corpus::Random::new(seed).value(6);
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        assert_eq!((walked(&value.to_string()), walked(&pretty)), (value.clone(), value), "seed {seed}");
    }
}

#[test]
fn tells_documents_by_hand() {
    for text in corpus::by_hand() {
        if let Ok(value) = serde_json::from_str::<Value>(&text) {
            // it refuses 1e999 and lone surrogates
            assert_eq!(walked(&text), value, "{text}");
        }
    }
    assert_eq!(walked(r#"["\ud83d","\ud83d\ude00"]"#), serde_json::json!(["\u{fffd}", "😀"]));
}

#[test]
fn every_member_is_found_by_its_name() {
    for seed in 1..200 {
        let value = corpus::Random::new(seed).value(5);
        let document = Document::parse(value.to_string(), &Limits::default()).unwrap();
        same(&document.root(), &value);
    }
}

fn same(node: &gitlab_kube::wire::Node, value: &Value) {
    match value {
        Value::Object(map) => {
            assert_eq!(node.len(), map.len());
            map.iter().for_each(|(key, value)| same(&node.get(key).unwrap(), value));
        }
        Value::Array(list) => {
            assert_eq!(node.len(), list.len());
            list.iter().enumerate().for_each(|(i, value)| same(&node.index(i).unwrap(), value));
        }
        Value::String(text) => assert_eq!(node.text().as_deref(), Some(text.as_str())),
        other => assert_eq!(walked(std::str::from_utf8(node.raw()).unwrap()), *other),
    }
}
