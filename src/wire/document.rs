//! A document: the bytes of an answer and an index of its items. Values are decoded when they are asked for.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::error::{Limit, Result};
use crate::limits::Limits;
use crate::wire::cursor::Members;
use crate::wire::items::Items;
use crate::wire::node::Node;
use crate::wire::skip::{Span, skip_space};
use crate::wire::split::Splitter;
use crate::wire::{check, fault};

/// Checked JSON that nothing has been made of yet. Cloning shares it.
#[derive(Clone)]
pub struct Document(Arc<Inner>);

struct Inner {
    bytes: Bytes,
    root: Span,
    items: Option<(Span, Box<[Span]>)>,
    is_list: bool,
}

impl Document {
    /// Reads a whole answer.
    pub fn parse(bytes: impl Into<Bytes>, limits: &Limits) -> Result<Self> {
        let bytes = bytes.into();
        if bytes.len() as u64 > limits.decoded_bytes {
            return Err(fault::over(Limit::DecodedBytes, limits.decoded_bytes));
        }
        let mut splitter = Splitter::new(limits);
        splitter.scan(&bytes, 0)?;
        Self::indexed(bytes, splitter, 0)
    }

    /// Checks what is outside the items, and the items from the `checked`th on.
    pub(super) fn indexed(bytes: Bytes, splitter: Splitter, checked: usize) -> Result<Self> {
        splitter.finish()?;
        let list = splitter.into_items();
        for item in list.elements.iter().skip(checked) {
            check::json(item.of(&bytes), item.start)?;
        }
        check_outside(&bytes, &list)?;
        let is_list = list.null || list.close.is_some();
        let items = list
            .open
            .zip(list.close)
            .map(|(open, close)| (Span { start: open, end: close + 1 }, list.elements.into_boxed_slice()));
        let start = skip_space(&bytes, 0);
        let end = bytes.trim_ascii_end().len();
        Ok(Self(Arc::new(Inner { bytes, root: Span { start, end }, items, is_list })))
    }

    /// A document of one checked value.
    pub(super) fn of(value: Bytes) -> Self {
        let root = Span { start: 0, end: value.len() };
        Self(Arc::new(Inner { bytes: value, root, items: None, is_list: false }))
    }

    /// The whole value.
    pub fn root(&self) -> Node {
        Node::new(self.clone(), self.0.root)
    }

    /// Whether it has `items` that are an array, or null as Go writes an empty one.
    pub fn is_list(&self) -> bool {
        self.0.is_list
    }

    /// How many items a list has.
    pub fn items_len(&self) -> Option<usize> {
        self.is_list().then(|| self.items().len())
    }

    /// One item of a list.
    pub fn item(&self, i: usize) -> Option<Node> {
        self.items().get(i).map(|span| Node::new(self.clone(), *span))
    }

    /// The bytes as they came.
    pub fn bytes(&self) -> &[u8] {
        &self.0.bytes
    }

    /// What it holds of the heap: bytes and index.
    pub fn heap_size(&self) -> usize {
        size_of::<Inner>() + self.0.bytes.len() + size_of_val(self.items())
    }

    pub(super) fn root_span(&self) -> Span {
        self.0.root
    }

    pub(super) fn items(&self) -> &[Span] {
        self.0.items.as_ref().map_or(&[], |(_, items)| items)
    }

    /// The array that [`Document::items`] are the elements of.
    pub(super) fn items_span(&self) -> Option<Span> {
        self.0.items.as_ref().map(|(span, _)| *span)
    }

    pub(super) fn members(&self, at: usize) -> Members<'_> {
        Members::new(&self.0.bytes, at, self.items_span())
    }
}

/// Shows how large it is, never what it says: it may be a Secret.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({} bytes, {} items)", self.bytes().len(), self.items().len())
    }
}

/// The items were checked one by one: with them left out, what remains must be JSON as well.
fn check_outside(bytes: &[u8], list: &Items) -> Result<()> {
    let (Some(open), Some(close)) = (list.open, list.close) else {
        return check::json(bytes, 0);
    };
    let (head, tail) = (bytes.get(..=open).unwrap_or_default(), bytes.get(close..).unwrap_or_default());
    check::json_in_two(head, tail)
}
