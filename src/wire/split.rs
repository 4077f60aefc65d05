//! Finds the items of a list while its bytes arrive, and enforces the limits on the way.
//!
//! It keeps no bytes. It is right about every valid document and may be wrong about others: whoever uses it checks
//! each item and everything outside the items with [`crate::wire::check`], and that refuses what was misread here.

use crate::error::{Limit, Result};
use crate::limits::Limits;
use crate::wire::block::{BLOCK, Carry, Masks, padded};
use crate::wire::items::Items;
use crate::wire::skip::Span;
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
    items: Items,
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
            items: Items::new(limits.items),
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

    /// The items so far.
    pub fn items(&self) -> &Items {
        &self.items
    }

    /// The items so far, to take from.
    pub fn items_mut(&mut self) -> &mut Items {
        &mut self.items
    }

    /// All that was found.
    pub fn into_items(self) -> Items {
        self.items
    }

    /// The first byte that is still needed to go on; only items that have ended are dropped.
    pub fn needed_from(&self) -> usize {
        self.items.needed_from(self.at)
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
        let floor = if self.items.is_open() { 2 } else { 1 };
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
            return if self.at_items() { self.items.begin(at) } else { Ok(()) };
        }
        self.string_ends(at)?;
        if self.depth == 1 {
            self.key = Some(Span { start: self.string, end: at + 1 });
        }
        if self.at_items() { self.items.end(at + 1) } else { Ok(()) }
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
            self.items.null = true;
        }
        if self.at_items() { self.items.bare(at) } else { Ok(()) }
    }

    fn punctuation(&mut self, byte: u8, at: usize, bytes: &[u8], base: usize) -> Result<()> {
        self.items.bare_ends(at)?;
        match byte {
            b'{' | b'[' => self.open(byte, at),
            b'}' | b']' => self.close(byte, at),
            b',' if self.at_items() => self.items.comma(at),
            b',' if self.depth == 1 => {
                (self.key, self.key_is_items) = (None, false);
                Ok(())
            }
            b':' if self.at_items() => Err(fault::not_json("a bad token", at)),
            b':' if self.depth == 1 && self.root_is_object => self.colon(bytes, base, at),
            _ => Ok(()),
        }
    }

    fn open(&mut self, byte: u8, at: usize) -> Result<()> {
        if self.depth == 0 {
            self.root_is_object = byte == b'{';
        }
        if byte == b'[' && self.depth == 1 && self.key_is_items {
            self.items.open_list(at)?;
        } else if self.at_items() {
            self.items.begin(at)?;
        }
        self.depth += 1;
        if self.depth > self.limits.depth {
            return Err(fault::over(Limit::Depth, self.limits.depth));
        }
        Ok(())
    }

    fn close(&mut self, byte: u8, at: usize) -> Result<()> {
        if self.at_items() {
            self.items.close_list(byte, at)?;
        }
        self.depth = self.depth.checked_sub(1).ok_or_else(|| fault::not_json("a bad token", at))?;
        if self.at_items() { self.items.end(at + 1) } else { Ok(()) }
    }

    /// A second `items` is refused: which one counts would depend on who reads it.
    fn colon(&mut self, bytes: &[u8], base: usize, at: usize) -> Result<()> {
        let key = self.key.take().and_then(|key| key.since(base, bytes));
        self.key_is_items = key.is_some_and(|key| scalar::is(key, "items"));
        if self.key_is_items && std::mem::replace(&mut self.items.named, true) {
            return Err(fault::not_json("a second list of items", at));
        }
        Ok(())
    }

    /// Whether a value that begins or ends here is an item.
    fn at_items(&self) -> bool {
        self.depth == 2 && self.items.is_open()
    }
}

/// A byte of a number, `true`, `false`, `null`, or of no JSON at all.
fn is_bare(byte: u8) -> bool {
    !matches!(byte, b'{' | b'}' | b'[' | b']' | b',' | b':' | b'"' | b' ' | b'\t' | b'\r' | b'\n')
}
