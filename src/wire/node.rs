//! One value of a document: where it is, and what it says when asked.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use crate::wire::cursor::Elements;
use crate::wire::document::Document;
use crate::wire::scalar::{self, Number};
use crate::wire::sink::{self, Sink};
use crate::wire::skip::Span;

/// A value. It keeps the whole document alive; see [`Node::detach`].
#[derive(Clone)]
pub struct Node {
    document: Document,
    span: Span,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "JSON's own words")]
pub enum NodeKind {
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

impl Node {
    pub(super) fn new(document: Document, span: Span) -> Self {
        Self { document, span }
    }

    /// What it is.
    pub fn kind(&self) -> NodeKind {
        match self.raw().first() {
            Some(b'{') => NodeKind::Object,
            Some(b'[') => NodeKind::Array,
            Some(b'"') => NodeKind::String,
            Some(b't' | b'f') => NodeKind::Bool,
            Some(b'n') | None => NodeKind::Null,
            Some(_) => NodeKind::Number,
        }
    }

    /// A member of an object. Of two with one name the last counts, as in Ruby and in Go.
    pub fn get(&self, name: &str) -> Option<Node> {
        let members = self.document.members(self.span.start);
        (self.kind() == NodeKind::Object).then(|| members.find(name)).flatten().map(|span| self.at(span))
    }

    /// An element of an array.
    pub fn index(&self, i: usize) -> Option<Node> {
        match self.kind() {
            NodeKind::Array if self.is_items() => self.document.item(i),
            NodeKind::Array => self.spans().nth(i).map(|span| self.at(span)),
            _ => None,
        }
    }

    /// How many members or elements it has; a scalar has none.
    pub fn len(&self) -> usize {
        match self.kind() {
            NodeKind::Object => self.document.members(self.span.start).count(),
            NodeKind::Array if self.is_items() => self.document.items().len(),
            NodeKind::Array => self.spans().count(),
            _ => 0,
        }
    }

    /// Whether it has no member and no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The members of an object in their order, those of the same name included.
    pub fn members(&self) -> Vec<(Cow<'_, str>, Node)> {
        if self.kind() != NodeKind::Object {
            return Vec::new();
        }
        let bytes = self.document.bytes();
        let members = self.document.members(self.span.start);
        members.map(|(key, value)| (scalar::text(key.of(bytes)), self.at(value))).collect()
    }

    /// The elements of an array.
    pub fn elements(&self) -> Vec<Node> {
        match self.kind() {
            NodeKind::Array if self.is_items() => self.document.items().iter().map(|span| self.at(*span)).collect(),
            NodeKind::Array => self.spans().map(|span| self.at(span)).collect(),
            _ => Vec::new(),
        }
    }

    /// What a string says.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        (self.kind() == NodeKind::String).then(|| scalar::text(self.raw()))
    }

    /// What a boolean says.
    pub fn boolean(&self) -> Option<bool> {
        (self.kind() == NodeKind::Bool).then(|| self.raw() == b"true")
    }

    /// What a number says.
    pub fn number(&self) -> Option<Number<'_>> {
        (self.kind() == NodeKind::Number).then(|| Number::of(self.raw())).flatten()
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        self.kind() == NodeKind::Null
    }

    /// Its JSON, as it came.
    pub fn raw(&self) -> &[u8] {
        self.span.of(self.document.bytes())
    }

    /// Copies it out, so that the rest of the document can be freed.
    pub fn detach(&self) -> Node {
        Node::copied(self.raw())
    }

    /// Tells `sink` all of it, in order.
    pub fn walk<'a>(&'a self, sink: &mut impl Sink<'a>) {
        sink::walk(self.raw(), sink);
    }

    /// The document it is in.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// A document of its own for one checked value.
    pub(super) fn copied(value: &[u8]) -> Node {
        Document::of(Bytes::copy_from_slice(value)).root()
    }

    fn at(&self, span: Span) -> Node {
        Node::new(self.document.clone(), span)
    }

    fn spans(&self) -> Elements<'_> {
        Elements::new(self.document.bytes(), self.span.start)
    }

    fn is_items(&self) -> bool {
        self.document.items_span() == Some(self.span)
    }
}

/// Shows what it is and where, never what it says: it may be a Secret.
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({:?} at {}..{})", self.kind(), self.span.start, self.span.end)
    }
}
