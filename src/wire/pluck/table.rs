//! Plucks columns out of a document that is all there.

use crate::error::Result;
use crate::wire::Document;
use crate::wire::pluck::cell::{Row, Words};
use crate::wire::pluck::path::Path;
use crate::wire::pluck::plan::{Plan, Source};

/// Rows of cells.
#[derive(Clone, Debug)]
pub struct Table {
    rows: Vec<Row>,
}

impl Table {
    /// A row for each item of a list, or one for an object; each has a cell for each path.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The same, to take apart.
    pub fn into_rows(self) -> Vec<Row> {
        self.rows
    }
}

/// Plucks `paths` out of each item, or out of the one object; a path that leads nowhere gives null.
pub fn pluck(document: &Document, paths: &[Path]) -> Result<Table> {
    let plan = Plan::new(paths);
    let mut words = Words::new(paths.len());
    let source = Source { bytes: document.bytes(), document: Some(document) };
    let root = [document.root_span()];
    let spans = if document.is_list() { document.items() } else { &root };
    Ok(Table { rows: spans.iter().map(|span| plan.row(source, span.start, &mut words)).collect() })
}
