//! What is plucked: cells, and the strings that many of them share.

use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::wire::{Node, Number};

/// One value of one column.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "JSON's own words, and Rust's")]
pub enum Cell {
    /// Null, or nothing there.
    Null,
    Bool(bool),
    I64(i64),
    U64(u64),
    F64(f64),
    /// The digits of an integer that no machine word holds.
    Big(Box<str>),
    Str(Text),
    /// What `[*]` found, an element for an element.
    List(Vec<Cell>),
    /// An object or array.
    Json(Node),
}

/// One cell for each path.
pub type Row = Vec<Cell>;

/// A string. Those with the same id are the same string.
#[derive(Clone)]
pub struct Text {
    id: Option<u32>,
    text: Arc<str>,
}

impl Text {
    /// A small number that stands for this string in this table; a string that seems to be unique has none.
    pub fn id(&self) -> Option<u32> {
        self.id
    }
}

/// Shows how much, never what: it may be a Secret.
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.text.len())
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl Cell {
    pub(super) fn number(number: Number<'_>) -> Self {
        match number {
            Number::I64(number) => Self::I64(number),
            Number::U64(number) => Self::U64(number),
            Number::F64(number) => Self::F64(number),
            Number::Big(digits) => Self::Big(digits.into()),
        }
    }
}

/// The strings of each column that have been seen, so that `Running` is made once and not once for each pod.
pub(super) struct Words {
    columns: Vec<HashMap<Arc<str>, u32>>,
    next: u32,
}

impl Words {
    /// A column with more distinct strings than this has names in it, not words; no more of them are remembered.
    const MOST: usize = 256;
    /// Nobody repeats a string longer than this often enough.
    const LONGEST: usize = 128;

    pub fn new(columns: usize) -> Self {
        Self { columns: vec![HashMap::new(); columns], next: 0 }
    }

    /// The text with the id it had before, if it is one of the remembered.
    pub fn text(&mut self, column: usize, text: &str) -> Text {
        let Some(words) = self.columns.get_mut(column).filter(|_| text.len() <= Self::LONGEST) else {
            return Text { id: None, text: text.into() };
        };
        if let Some((text, id)) = words.get_key_value(text) {
            return Text { id: Some(*id), text: text.clone() };
        }
        let text: Arc<str> = text.into();
        if words.len() >= Self::MOST {
            return Text { id: None, text };
        }
        let id = self.next;
        self.next += 1;
        words.insert(text.clone(), id);
        Text { id: Some(id), text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_one_id_to_one_string_and_forgets_names() {
        let mut words = Words::new(2);
        let (a, b, again) = (words.text(0, "Running"), words.text(0, "Pending"), words.text(0, "Running"));
        assert!(a.id() == again.id() && a.id().is_some() && a.id() != b.id() && Arc::ptr_eq(&a.text, &again.text));
        let names: Vec<_> = (0..1000).map(|i| words.text(1, &format!("name-{i}"))).collect();
        assert_eq!(names.iter().filter(|name| name.id().is_some()).count(), Words::MOST);
        assert!(names.iter().all(|name| name.id() != a.id()));
        assert_eq!(words.text(0, &"x".repeat(1000)).id(), None);
    }
}
