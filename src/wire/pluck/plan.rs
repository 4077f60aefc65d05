//! All paths as one tree, so that one pass over an object finds every column.

use crate::wire::cursor::{Elements, Members};
use crate::wire::pluck::cell::{Cell, Row, Words};
use crate::wire::pluck::path::{Path, Step};
use crate::wire::scalar::{self, Number};
use crate::wire::skip::{Span, skip_value};
use crate::wire::{Document, Node};

/// What to do with a value: which columns it is, and which lie below it.
#[derive(Debug, Default)]
pub(super) struct Plan {
    here: Vec<usize>,
    below: Vec<usize>,
    steps: Vec<(Step, Plan)>,
}

/// Where the bytes are, and whether whole values may keep them.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    /// Checked JSON.
    pub bytes: &'a [u8],
    /// Its document; without one, objects and arrays are copied out.
    pub document: Option<&'a Document>,
}

impl Plan {
    /// One column for each path.
    pub fn new(paths: &[Path]) -> Self {
        let mut plan = Self::default();
        for (column, path) in paths.iter().enumerate() {
            plan.add(column, path.steps());
        }
        plan
    }

    fn add(&mut self, column: usize, steps: &[Step]) {
        let Some((step, rest)) = steps.split_first() else {
            return self.here.push(column);
        };
        self.below.push(column);
        let known = self.steps.iter().position(|(known, _)| known == step);
        let i = known.unwrap_or(self.steps.len());
        if known.is_none() {
            self.steps.push((step.clone(), Self::default()));
        }
        if let Some((_, plan)) = self.steps.get_mut(i) {
            plan.add(column, rest);
        }
    }

    /// The cells of the object at `at`.
    pub fn row(&self, source: Source<'_>, at: usize, words: &mut Words) -> Row {
        let mut row = vec![Cell::Null; self.here.len() + self.below.len()];
        self.fill(source, at, &mut row, words);
        row
    }

    /// Fills in the columns of the value at `at`; gives its end. As deep as the longest path, not as the value.
    fn fill(&self, source: Source<'_>, at: usize, row: &mut Row, words: &mut Words) -> usize {
        let end = match source.bytes.get(at) {
            Some(b'{') if self.wants(|step| matches!(step, Step::Member(_))) => self.object(source, at, row, words),
            Some(b'[') if self.wants(|step| !matches!(step, Step::Member(_))) => self.array(source, at, row, words),
            _ => skip_value(source.bytes, at),
        };
        for column in &self.here {
            set(row, *column, cell(source, Span { start: at, end }, *column, words));
        }
        end
    }

    fn wants(&self, kind: impl Fn(&Step) -> bool) -> bool {
        self.steps.iter().any(|(step, _)| kind(step))
    }

    fn object(&self, source: Source<'_>, at: usize, row: &mut Row, words: &mut Words) -> usize {
        let mut members = Members::new(source.bytes, at, None);
        while let Some((key, start)) = members.key() {
            let key = key.of(source.bytes);
            let wanted =
                self.steps.iter().find(|(step, _)| matches!(step, Step::Member(name) if scalar::is(key, name)));
            members.resume(match wanted {
                Some((_, plan)) => {
                    plan.columns().for_each(|column| set(row, column, Cell::Null)); // the last of two members counts
                    plan.fill(source, start, row, words)
                }
                None => skip_value(source.bytes, start),
            });
        }
        members.end()
    }

    fn array(&self, source: Source<'_>, at: usize, row: &mut Row, words: &mut Words) -> usize {
        let each = self.steps.iter().find(|(step, _)| *step == Step::Each).map(|(_, plan)| plan);
        each.into_iter().flat_map(Plan::columns).for_each(|column| set(row, column, Cell::List(Vec::new())));
        let mut elements = Elements::new(source.bytes, at);
        let mut i = 0;
        while let Some(start) = elements.element() {
            if let Some(plan) = each {
                plan.push_each(source, start, row, words);
            }
            let indexed = self.steps.iter().find(|(step, _)| *step == Step::Index(i)).map(|(_, plan)| plan);
            elements.resume(match indexed {
                Some(plan) => plan.fill(source, start, row, words),
                None => skip_value(source.bytes, start),
            });
            i += 1;
        }
        elements.end()
    }

    /// Adds what this plan finds in one element to the lists of its columns, null where there is nothing.
    fn push_each(&self, source: Source<'_>, at: usize, row: &mut Row, words: &mut Words) {
        let mut found = vec![Cell::Null; row.len()];
        self.fill(source, at, &mut found, words);
        for column in self.columns() {
            if let (Some(Cell::List(list)), Some(cell)) = (row.get_mut(column), found.get_mut(column)) {
                list.push(std::mem::replace(cell, Cell::Null));
            }
        }
    }

    fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.here.iter().chain(&self.below).copied()
    }
}

fn set(row: &mut Row, column: usize, cell: Cell) {
    if let Some(place) = row.get_mut(column) {
        *place = cell;
    }
}

fn cell(source: Source<'_>, span: Span, column: usize, words: &mut Words) -> Cell {
    let raw = span.of(source.bytes);
    match raw.first() {
        Some(b'"') => Cell::Str(words.text(column, &scalar::text(raw))),
        Some(b'{' | b'[') => Cell::Json(match source.document {
            Some(document) => Node::new(document.clone(), span),
            None => Node::copied(raw),
        }),
        Some(b't' | b'f') => Cell::Bool(raw == b"true"),
        Some(b'n') | None => Cell::Null,
        Some(_) => Number::of(raw).map_or(Cell::Null, Cell::number),
    }
}
