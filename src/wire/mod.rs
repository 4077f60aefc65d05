//! What comes over the wire: documents (bytes and an index), columns plucked from them, and the lines of streams.
//!
//! Everything is checked in full before it can be asked: a [`Document`] is valid JSON in valid UTF-8. Decisions where
//! RFC 8259 leaves room: of two members of one name the last counts; a second top-level `items` is refused; a lone
//! surrogate reads as U+FFFD; a byte order mark is an error.

mod block;
mod buffer;
mod builder;
mod check;
mod cursor;
mod document;
mod fault;
pub mod frames;
mod items;
mod node;
mod pluck;
mod scalar;
mod sink;
mod skip;
mod split;

pub use buffer::Buffer;
pub use builder::Builder;
pub use document::Document;
pub use node::{Node, NodeKind};
pub use pluck::{Cell, Path, PluckStream, Row, Table, Tail, Text, pluck};
pub use scalar::{Number, Written};
pub use sink::Sink;
