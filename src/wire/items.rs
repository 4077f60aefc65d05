//! The items of a list, as they are found: where each begins and ends, and whether commas stand between them.

use crate::error::{Limit, Result};
use crate::wire::fault;
use crate::wire::skip::Span;

/// Where the items are, as far as they are known. The array is read here and not by serde_json, which gets each item
/// alone and the rest with `[]` in place of the array.
#[derive(Debug, Default)]
pub(super) struct Items {
    /// The `[` of the array.
    pub open: Option<usize>,
    /// Its `]`.
    pub close: Option<usize>,
    /// `"items": null`: Go's empty slice.
    pub null: bool,
    /// Whether there was a top-level `items` of any kind.
    pub named: bool,
    /// The elements that are complete and not yet taken.
    pub elements: Vec<Span>,
    taken: usize,
    most: usize,
    place: Place,
}

/// Where between the commas we are.
#[derive(Clone, Copy, Debug, Default)]
enum Place {
    #[default]
    First,
    Next,
    After,
    Within(usize),
    Bare(usize),
}

impl Items {
    /// None yet, and at most `most`.
    pub fn new(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// Whether we are between the brackets.
    pub fn is_open(&self) -> bool {
        self.open.is_some() && self.close.is_none()
    }

    /// Takes the elements completed since the last time.
    pub fn take(&mut self) -> Vec<Span> {
        self.taken += self.elements.len();
        std::mem::take(&mut self.elements)
    }

    /// The first byte that is still needed, when all before `at` have been read.
    pub fn needed_from(&self, at: usize) -> usize {
        match (self.open, self.close, self.place) {
            (None, ..) => 0,
            (_, Some(close), _) => close,
            (_, _, Place::Within(start) | Place::Bare(start)) => start,
            _ => at,
        }
    }

    /// The `[`.
    pub fn open_list(&mut self, at: usize) -> Result<()> {
        match self.open.replace(at) {
            None => Ok(()),
            Some(_) => Err(fault::not_json("a second list of items", at)),
        }
    }

    /// The `]`, unless `byte` is something else or a value should stand here.
    pub fn close_list(&mut self, byte: u8, at: usize) -> Result<()> {
        match (byte, self.place) {
            (b']', Place::First | Place::After) => {
                self.close = Some(at);
                Ok(())
            }
            _ => Err(fault::not_json("a bad token", at)),
        }
    }

    /// A string, object or array begins.
    pub fn begin(&mut self, at: usize) -> Result<()> {
        match self.place {
            Place::First | Place::Next => {
                self.place = Place::Within(at);
                Ok(())
            }
            _ => Err(fault::not_json("a comma is missing", at)),
        }
    }

    /// A byte of a number or word.
    pub fn bare(&mut self, at: usize) -> Result<()> {
        match self.place {
            Place::First | Place::Next => self.place = Place::Bare(at),
            Place::After => return Err(fault::not_json("a comma is missing", at)),
            Place::Bare(_) | Place::Within(_) => {}
        }
        Ok(())
    }

    /// A byte that ends a number or word, if we are in one.
    pub fn bare_ends(&mut self, at: usize) -> Result<()> {
        if let Place::Bare(_) = self.place { self.end(at) } else { Ok(()) }
    }

    /// The value ends before `end`.
    pub fn end(&mut self, end: usize) -> Result<()> {
        if let Place::Within(start) | Place::Bare(start) = self.place {
            self.elements.push(Span { start, end });
            self.place = Place::After;
        }
        if self.taken + self.elements.len() > self.most {
            return Err(fault::over(Limit::Items, self.most));
        }
        Ok(())
    }

    /// A comma.
    pub fn comma(&mut self, at: usize) -> Result<()> {
        match self.place {
            Place::After => {
                self.place = Place::Next;
                Ok(())
            }
            _ => Err(fault::not_json("a bad token", at)),
        }
    }
}
