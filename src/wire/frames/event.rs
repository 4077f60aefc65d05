//! One event of a watch.

use bytes::Bytes;

use crate::error::{Error, Kind, Result};
use crate::limits::Limits;
use crate::wire::{Document, Node, NodeKind, Number};

/// What happened, as the API server names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "Kubernetes' own words")]
pub enum EventKind {
    Added,
    Modified,
    Deleted,
    Bookmark,
    Error,
    Other,
}

/// A line of a watch: what happened, and to which object.
#[derive(Clone, Debug)]
pub struct WatchEvent {
    /// What happened.
    pub kind: EventKind,
    /// The whole line.
    pub document: Document,
    /// What it happened to; of an error, the `Status`.
    pub object: Node,
    /// Where a watch that comes after this event begins.
    pub resource_version: Option<String>,
    /// The code of an error's `Status`: 410 means that the watch is too old.
    pub code: Option<u16>,
}

impl WatchEvent {
    /// Reads one line.
    pub fn parse(line: impl Into<Bytes>, limits: &Limits) -> Result<Self> {
        let document = Document::parse(line, limits)?;
        let root = document.root();
        let kind = root.get("type").as_ref().and_then(Node::text).map(|word| EventKind::named(&word));
        let object = root.get("object").filter(|object| object.kind() == NodeKind::Object);
        let (Some(kind), Some(object)) = (kind, object) else {
            return Err(Error::new(Kind::Parse, "the stream has a line that is no watch event"));
        };
        let resource_version = object.get("metadata").and_then(|metadata| metadata.get("resourceVersion"));
        let resource_version = resource_version.as_ref().and_then(Node::text).map(|version| version.into_owned());
        let code = if kind == EventKind::Error { object.get("code").as_ref().and_then(code_of) } else { None };
        Ok(Self { kind, document, object, resource_version, code })
    }
}

impl EventKind {
    fn named(word: &str) -> Self {
        match word {
            "ADDED" => Self::Added,
            "MODIFIED" => Self::Modified,
            "DELETED" => Self::Deleted,
            "BOOKMARK" => Self::Bookmark,
            "ERROR" => Self::Error,
            _ => Self::Other,
        }
    }
}

fn code_of(code: &Node) -> Option<u16> {
    match code.number()? {
        Number::I64(code) => code.try_into().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &'static str) -> Result<WatchEvent> {
        WatchEvent::parse(line.as_bytes(), &Limits::default())
    }

    #[test]
    fn reads_every_kind_of_event() {
        let object = r#""object":{"kind":"Pod","metadata":{"name":"a","resourceVersion":"42"}}}"#;
        for (word, kind) in [
            ("ADDED", EventKind::Added),
            ("MODIFIED", EventKind::Modified),
            ("DELETED", EventKind::Deleted),
            ("BOOKMARK", EventKind::Bookmark),
            ("ERROR", EventKind::Error),
            ("added", EventKind::Other),
        ] {
            let line = format!(r#"{{"type":"{word}",{object}"#);
            let event = WatchEvent::parse(line.into_bytes(), &Limits::default()).unwrap();
            assert_eq!((event.kind, event.resource_version.as_deref(), event.code), (kind, Some("42"), None));
            assert_eq!(event.object.get("kind").unwrap().text().unwrap(), "Pod");
        }
    }

    #[test]
    fn reads_the_code_of_an_error() {
        let event = parse(r#"{"type":"ERROR","object":{"kind":"Status","code":410,"metadata":{}}}"#).unwrap();
        assert_eq!((event.code, event.resource_version), (Some(410), None));
        for odd in ["-1", "70000", "4.1e2", "\"410\"", "null"] {
            let line = format!(r#"{{"type":"ERROR","object":{{"code":{odd}}}}}"#);
            assert_eq!(WatchEvent::parse(line.into_bytes(), &Limits::default()).unwrap().code, None, "{odd}");
        }
    }

    #[test]
    fn refuses_lines_that_are_no_event() {
        for line in [
            "",
            " ",
            "{}",
            "[]",
            "1",
            r#"{"type":"ADDED"}"#,
            r#"{"object":{}}"#,
            r#"{"type":1,"object":{}}"#,
            r#"{"type":"ADDED","object":[]}"#,
            r#"{"type":"ADDED","object":{}"#,
            r#"{"type":"ADDED","object":{}}}"#,
        ] {
            assert_eq!(parse(line).unwrap_err().kind(), Kind::Parse, "{line}");
        }
    }
}
