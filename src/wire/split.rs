//! Finds the items of a list while its bytes arrive, and enforces the limits on the way.
//!
//! It keeps no bytes. It is right about every valid document and may be wrong about others: whoever uses it checks
//! each item and everything outside the items with [`crate::wire::check`], and that refuses what was misread here.

use crate::error::{Limit, Result};
use crate::limits::Limits;
use crate::wire::block::{BLOCK, Carry, Masks};
use crate::wire::cursor::Span;
use crate::wire::{fault, scalar};

/// Reads bytes once, whole blocks at full speed wherever no item can begin or end.
#[derive(Debug)]
pub(super) struct Splitter {
    limits: Limits,
    at: usize,
    depth: usize,
    carry: Carry,
    string: usize,
    key: Option<Span>,
    key_is_items: bool,
    root_is_object: bool,
    run_open: bool,
    list: Items,
}

/// Where the items are, as far as they are known.
#[derive(Debug, Default)]
pub(super) struct Items {
    /// The `[` of the array.
    pub open: Option<usize>,
    /// Its `]`.
    pub close: Option<usize>,
    /// `"items": null`: Go's empty slice.
    pub null: bool,
    /// The elements that are complete.
    pub elements: Vec<Span>,
    seen: bool,
    taken: usize,
    place: Place,
}

/// Where between the items' commas we are.
#[derive(Clone, Copy, Debug, Default)]
enum Place {
    #[default]
    First,
    Next,
    After,
    Within(usize),
    Bare(usize),
}

impl Splitter {
    pub fn new(limits: &Limits) -> Self {
        Self {
            limits: limits.clone(),
            at: 0,
            depth: 0,
            carry: Carry::default(),
            string: 0,
            key: None,
            key_is_items: false,
            root_is_object: false,
            run_open: false,
            list: Items::default(),
        }
    }

    /// Reads what is new of `bytes`, whose first byte is byte `base` of the answer.
    pub fn scan(&mut self, bytes: &[u8], base: usize) -> Result<()> {
        let mut start = self.at - base;
        while let Some(rest) = bytes.get(start..).filter(|rest| !rest.is_empty()) {
            let n = match rest.first_chunk::<BLOCK>() {
                Some(block) => self.block(bytes, base, block, BLOCK),
                None => self.block(bytes, base, &padded(rest), rest.len()),
            }?;
            start += n;
        }
        Ok(())
    }

    /// Says how the bytes ended, if that was too early.
    pub fn finish(&self) -> Result<()> {
        match (self.at, self.carry.inside(), self.depth) {
            (0, ..) => Err(fault::incomplete("it is empty")),
            (_, true, _) => Err(fault::incomplete("it ends inside a string")),
            (_, _, 0) => Ok(()),
            _ => Err(fault::incomplete("it ends inside an object or array")),
        }
    }

    pub fn list(&self) -> &Items {
        &self.list
    }

    pub fn into_list(self) -> Items {
        self.list
    }

    /// Takes the items completed since the last time.
    pub fn take_elements(&mut self) -> Vec<Span> {
        self.list.taken += self.list.elements.len();
        std::mem::take(&mut self.list.elements)
    }

    /// The first byte that is still needed to go on; only items that have ended are dropped.
    pub fn needed_from(&self) -> usize {
        match (self.list.open, self.list.close, self.list.place) {
            (None, ..) => 0,
            (_, Some(close), _) => close,
            (_, _, Place::Within(start) | Place::Bare(start)) => start,
            _ => self.at,
        }
    }

    fn block(&mut self, bytes: &[u8], base: usize, block: &[u8; BLOCK], n: usize) -> Result<usize> {
        let was_inside = self.carry.inside();
        let masks = self.carry.read(block, n);
        if n == BLOCK && self.can_hurry(&masks, was_inside) {
            self.hurry(&masks, was_inside)?;
        } else {
            self.careful(bytes, base, &block[..n], &masks, was_inside)?;
        }
        self.at += n;
        if self.carry.inside() && self.at - self.string >= self.limits.string_bytes {
            return Err(fault::over(Limit::StringLength, self.limits.string_bytes));
        }
        Ok(n)
    }

    /// Whether nothing in this block can begin or end an item, cross the depth, or belong to an endless number.
    #[inline]
    fn can_hurry(&self, masks: &Masks, was_inside: bool) -> bool {
        let floor = if self.in_list() { 2 } else { 1 };
        let (opens, closes) = (masks.opens.count_ones() as usize, masks.closes.count_ones() as usize);
        let bare = !was_inside && masks.quotes | masks.opens | masks.closes == 0;
        self.depth > floor + closes
            && self.depth + opens <= self.limits.depth
            && !(bare || self.run_open)
            && self.limits.string_bytes >= BLOCK
            && self.limits.number_bytes >= 2 * BLOCK
    }

    #[inline]
    fn hurry(&mut self, masks: &Masks, was_inside: bool) -> Result<()> {
        self.depth += masks.opens.count_ones() as usize;
        self.depth -= masks.closes.count_ones() as usize;
        if masks.quotes == 0 {
            return Ok(());
        }
        if was_inside {
            self.string_ends(self.at + masks.quotes.trailing_zeros() as usize)?;
        }
        if self.carry.inside() {
            self.string = self.at + BLOCK - 1 - masks.quotes.leading_zeros() as usize;
        }
        Ok(())
    }

    /// Byte by byte.
    fn careful(&mut self, bytes: &[u8], base: usize, block: &[u8], masks: &Masks, was_inside: bool) -> Result<()> {
        let before = if was_inside { &[][..] } else { bytes.get(..self.at - base).unwrap_or_default() };
        let mut run = before.iter().rev().take(self.limits.number_bytes + 1).take_while(|c| is_bare(**c)).count();
        for (i, &byte) in block.iter().enumerate() {
            let at = self.at + i;
            if masks.quotes >> i & 1 == 1 {
                run = 0;
                self.quote(at, masks.inside >> i & 1 == 1)?;
            } else if masks.inside >> i & 1 == 1 {
                continue;
            } else if is_bare(byte) {
                run += 1;
                self.bare(byte, at, run)?;
            } else {
                run = 0;
                self.punctuation(byte, at, bytes, base)?;
            }
        }
        self.run_open = run > 0;
        Ok(())
    }

    fn quote(&mut self, at: usize, opening: bool) -> Result<()> {
        if opening {
            self.string = at;
            return self.begin(at);
        }
        self.string_ends(at)?;
        if self.depth == 1 {
            self.key = Some(Span { start: self.string, end: at + 1 });
        }
        self.end(at + 1)
    }

    fn string_ends(&self, at: usize) -> Result<()> {
        if at + 1 - self.string > self.limits.string_bytes {
            return Err(fault::over(Limit::StringLength, self.limits.string_bytes));
        }
        Ok(())
    }

    fn bare(&mut self, byte: u8, at: usize, run: usize) -> Result<()> {
        if run > self.limits.number_bytes {
            return Err(fault::over(Limit::NumberLength, self.limits.number_bytes));
        }
        if self.depth == 1 && self.key_is_items && byte == b'n' {
            self.list.null = true;
        }
        match self.list.place {
            _ if !self.at_items() => {}
            Place::First | Place::Next => self.list.place = Place::Bare(at),
            Place::After => return Err(fault::not_json("a comma is missing", at)),
            Place::Bare(_) | Place::Within(_) => {}
        }
        Ok(())
    }

    fn punctuation(&mut self, byte: u8, at: usize, bytes: &[u8], base: usize) -> Result<()> {
        if self.at_items() {
            if let Place::Bare(_) = self.list.place {
                self.end(at)?;
            }
        }
        match byte {
            b'{' | b'[' => self.open(byte, at),
            b'}' | b']' => self.close(byte, at),
            b',' => self.comma(at),
            b':' if self.depth == 1 && self.root_is_object => self.colon(bytes, base, at),
            b':' if self.at_items() => Err(fault::not_json("a bad token", at)),
            _ => Ok(()),
        }
    }

    fn open(&mut self, byte: u8, at: usize) -> Result<()> {
        if self.depth == 0 {
            self.root_is_object = byte == b'{';
        }
        let is_list = byte == b'[' && self.depth == 1 && self.key_is_items;
        if is_list && self.list.open.replace(at).is_some() {
            return Err(fault::not_json("a second list of items", at));
        }
        if !is_list {
            self.begin(at)?;
        }
        self.depth += 1;
        if self.depth > self.limits.depth {
            return Err(fault::over(Limit::Depth, self.limits.depth));
        }
        Ok(())
    }

    fn close(&mut self, byte: u8, at: usize) -> Result<()> {
        if self.at_items() {
            match (byte, self.list.place) {
                (b']', Place::First | Place::After) => self.list.close = Some(at),
                _ => return Err(fault::not_json("a bad token", at)),
            }
        }
        self.depth = self.depth.checked_sub(1).ok_or_else(|| fault::not_json("a bad token", at))?;
        self.end(at + 1)
    }

    fn comma(&mut self, at: usize) -> Result<()> {
        if self.depth == 1 {
            (self.key, self.key_is_items) = (None, false);
        }
        match self.list.place {
            _ if !self.at_items() => {}
            Place::After => self.list.place = Place::Next,
            _ => return Err(fault::not_json("a bad token", at)),
        }
        Ok(())
    }

    /// A second `items` is refused: which one counts would depend on who reads it.
    fn colon(&mut self, bytes: &[u8], base: usize, at: usize) -> Result<()> {
        let key = self.key.take().and_then(|key| bytes.get(key.start - base..key.end - base));
        self.key_is_items = key.is_some_and(|key| scalar::is(key, "items"));
        if self.key_is_items && std::mem::replace(&mut self.list.seen, true) {
            return Err(fault::not_json("a second list of items", at));
        }
        Ok(())
    }

    fn begin(&mut self, at: usize) -> Result<()> {
        match self.list.place {
            _ if !self.at_items() => Ok(()),
            Place::First | Place::Next => {
                self.list.place = Place::Within(at);
                Ok(())
            }
            _ => Err(fault::not_json("a comma is missing", at)),
        }
    }

    fn end(&mut self, end: usize) -> Result<()> {
        match self.list.place {
            Place::Within(start) | Place::Bare(start) if self.at_items() => {
                self.list.elements.push(Span { start, end });
                self.list.place = Place::After;
            }
            _ => {}
        }
        if self.list.taken + self.list.elements.len() > self.limits.items {
            return Err(fault::over(Limit::Items, self.limits.items));
        }
        Ok(())
    }

    fn in_list(&self) -> bool {
        self.list.open.is_some() && self.list.close.is_none()
    }

    /// Whether a value that begins or ends here is an item.
    fn at_items(&self) -> bool {
        self.depth == 2 && self.in_list()
    }
}

/// A byte of a number, `true`, `false`, `null`, or of no JSON at all.
fn is_bare(byte: u8) -> bool {
    !matches!(byte, b'{' | b'}' | b'[' | b']' | b',' | b':' | b'"' | b' ' | b'\t' | b'\r' | b'\n')
}

fn padded(rest: &[u8]) -> [u8; BLOCK] {
    let mut block = [b' '; BLOCK];
    block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    block
}
