//! Plucks columns out of a list while it arrives, and forgets each item once it has its row.

use std::fmt;

use crate::error::{Error, Kind, Limit, Result};
use crate::limits::Limits;
use crate::wire::pluck::cell::{Row, Words};
use crate::wire::pluck::path::Path;
use crate::wire::pluck::plan::{Plan, Source};
use crate::wire::split::Splitter;
use crate::wire::{Document, Node, check, fault};

/// A list being plucked. It holds what is outside the items and one item that is not yet complete; each may be as
/// long as a line of a watch ([`Limits::line_bytes`]), which is one object, too.
pub struct PluckStream {
    limits: Limits,
    plan: Plan,
    words: Words,
    splitter: Splitter,
    outside: Vec<u8>,
    bytes: Vec<u8>,
    base: usize,
    failed: Option<Error>,
}

/// What a list says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tail {
    /// Where a watch of what was listed begins.
    pub resource_version: Option<String>,
    /// What to ask the next page with; `None` at the last one.
    pub r#continue: Option<String>,
}

impl PluckStream {
    /// Will give rows with a cell for each of `paths`.
    pub fn new(paths: &[Path], limits: &Limits) -> Self {
        Self {
            limits: limits.clone(),
            plan: Plan::new(paths),
            words: Words::new(paths.len()),
            splitter: Splitter::new(limits),
            outside: Vec::new(),
            bytes: Vec::new(),
            base: 0,
            failed: None,
        }
    }

    /// Takes the next bytes; gives the rows of the items they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<Row>> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let result = self.take(bytes);
        self.failed = result.as_ref().err().cloned();
        result
    }

    /// Checks what was outside the items, and says what it said.
    pub fn finish(mut self) -> Result<Tail> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.splitter.finish()?;
        self.outside.append(&mut self.bytes);
        let list = Document::parse(self.outside, &self.limits)?;
        if !list.is_list() {
            return Err(Error::new(Kind::Parse, "the answer is not a list"));
        }
        Ok(Tail::of(&list.root()))
    }

    fn take(&mut self, bytes: &[u8]) -> Result<Vec<Row>> {
        let total = self.base + self.bytes.len() + bytes.len();
        if total as u64 > self.limits.decoded_bytes {
            return Err(fault::over(Limit::DecodedBytes, self.limits.decoded_bytes));
        }
        self.bytes.extend_from_slice(bytes);
        self.splitter.scan(&self.bytes, self.base)?;
        let rows = self.rows()?;
        self.forget();
        if self.outside.len() + self.bytes.len() > self.limits.line_bytes {
            return Err(fault::over(Limit::LineLength, self.limits.line_bytes));
        }
        Ok(rows)
    }

    fn rows(&mut self) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for item in self.splitter.items_mut().take() {
            let bytes = item.since(self.base, &self.bytes).unwrap_or_default();
            check::json(bytes, item.start)?;
            rows.push(self.plan.row(Source { bytes, document: None }, 0, &mut self.words));
        }
        Ok(rows)
    }

    /// Keeps what is before the items, and drops the items that have been read.
    fn forget(&mut self) {
        if let Some(open) = self.splitter.items().open.filter(|open| *open >= self.base && self.outside.is_empty()) {
            self.outside.extend(self.bytes.drain(..=open - self.base));
            self.base = open + 1;
        }
        let unneeded = self.splitter.needed_from().saturating_sub(self.base);
        self.bytes.drain(..unneeded.min(self.bytes.len()));
        self.base += unneeded;
    }
}

/// Shows how much, never what: it may be a Secret.
impl fmt::Debug for PluckStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PluckStream({} bytes)", self.base + self.bytes.len())
    }
}

impl Tail {
    fn of(list: &Node) -> Self {
        let metadata = list.get("metadata");
        let text =
            |name| metadata.as_ref()?.get(name)?.text().filter(|text| !text.is_empty()).map(|text| text.into_owned());
        Self { resource_version: text("resourceVersion"), r#continue: text("continue") }
    }
}
