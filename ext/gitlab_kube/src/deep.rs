//! Everything below a node as plain Ruby: values wait on the machine stack, and each container is filled at once.
//!
//! Ruby's GC sees the machine stack, not Rust's heap, and compaction moves whatever the stack does not name. So whatever is remembered
//! is in arrays that are themselves on the stack: never in a Vec or a map.

use std::borrow::Cow;

use client::error::{Error as CoreError, Kind, Limit};
use client::wire::{Node as Core, Number, Sink, Written};
use magnus::{Error, IntoValue, RArray, RHash, Ruby, Value, prelude::*};

use crate::errors::exception;
use crate::memo::Memo;
use crate::undisturbed;
use crate::value;

/// How many values of one container wait at most; even, because the values of an object come with their keys.
const WAITING: usize = 32;
/// Twice as deep as is allowed unless a client says otherwise; what is deeper still may find no room.
const DEPTH: usize = 128;
/// Each open container has a place of its own and at most one key without its value.
const ROOM: usize = DEPTH * (WAITING + 2);
const TOO_DEEP: &str = "the answer is nested too deep to become Ruby objects";

/// Everything below `node`; keys are Symbols if `symbols`, else frozen Strings that equal keys share.
pub fn deep(ruby: &Ruby, node: &Core, symbols: bool) -> Result<Value, Error> {
    undisturbed::whole(ruby, node.raw().len(), || under(ruby, node, symbols, &mut Memo::new(ruby)))
}

/// The same for several nodes, which share their keys.
pub fn all<'a>(ruby: &Ruby, nodes: &'a [Core]) -> Result<RArray, Error> {
    let mut keys: Memo<'a> = Memo::new(ruby);
    let values = ruby.ary_new_capa(nodes.len());
    for node in nodes {
        values.push(under(ruby, node, false, &mut keys)?)?;
    }
    Ok(values)
}

fn under<'a>(ruby: &Ruby, node: &'a Core, symbols: bool, keys: &mut Memo<'a>) -> Result<Value, Error> {
    let nothing = ruby.qnil().into_value_with(ruby);
    let mut building =
        Building { ruby, symbols, keys, values: [nothing; ROOM], used: 0, open: Vec::new(), failed: None };
    node.walk(&mut building);
    match building.failed {
        Some(error) => Err(error),
        None => Ok(building.values[0]),
    }
}

struct Building<'r, 'k, 'a> {
    ruby: &'r Ruby,
    symbols: bool,
    keys: &'k mut Memo<'a>,
    /// For each open container itself, or nil while nothing was put in, then what waits to be put in.
    values: [Value; ROOM],
    used: usize,
    open: Vec<Open>,
    failed: Option<Error>,
}

/// A container whose end has not come yet, and where its values begin.
#[derive(Clone, Copy)]
struct Open {
    object: bool,
    place: usize,
}

impl Building<'_, '_, '_> {
    fn wait(&mut self, value: Value) {
        match self.values.get_mut(self.used) {
            Some(slot) => *slot = value,
            None if self.failed.is_some() => {}
            None => self.failed = Some(exception(self.ruby, &CoreError::new(Kind::Limit(Limit::Depth), TOO_DEEP))),
        }
        self.used += 1;
    }

    fn begin(&mut self, object: bool) {
        self.room();
        self.open.push(Open { object, place: self.used });
        self.wait(self.ruby.qnil().into_value_with(self.ruby));
    }

    fn end(&mut self) {
        if let Some(open) = self.open.pop().filter(|_| self.failed.is_none()) {
            let filled = self.filled(open);
            self.used = open.place;
            match filled {
                Ok(container) => self.wait(container),
                Err(error) => self.note(Err(error)),
            }
        }
    }

    /// An element is about to come, or a key: what has waited long enough is put in.
    fn room(&mut self) {
        let full = |open: &Open| self.failed.is_none() && self.used - open.place > WAITING;
        if let Some(open) = self.open.last().copied().filter(full) {
            match self.filled(open) {
                Ok(container) => self.values[open.place] = container,
                Err(error) => self.note(Err(error)),
            }
            self.used = open.place + 1;
        }
    }

    fn put(&mut self, value: Value) {
        if self.open.last().is_some_and(|open| !open.object) {
            self.room();
        }
        self.wait(value);
    }

    /// The container, with all in it that waits.
    fn filled(&self, open: Open) -> Result<Value, Error> {
        let waiting = self.values.get(open.place + 1..self.used).unwrap_or_default();
        let begun = self.values[open.place];
        if open.object {
            let hash = RHash::from_value(begun).unwrap_or_else(|| self.ruby.hash_new());
            let put = if waiting.is_empty() { Ok(()) } else { hash.bulk_insert(waiting) };
            return put.map(|()| hash.as_value());
        }
        match RArray::from_value(begun) {
            None => Ok(self.ruby.ary_new_from_values(waiting).as_value()),
            Some(array) => array.cat(waiting).map(|()| array.as_value()),
        }
    }

    fn note(&mut self, done: Result<(), Error>) {
        if let Err(error) = done {
            self.failed.get_or_insert(error);
        }
    }
}

impl<'a> Building<'_, '_, 'a> {
    /// A frozen String from Ruby's own table, or a Symbol that can be collected (it is made from a String, not from an ID).
    fn key_value(&mut self, key: &str) -> Result<Value, Error> {
        let text = self.ruby.str_new(key);
        match self.symbols {
            true => text.funcall("to_sym", ()),
            false => Ok(text.to_interned_str().into_value_with(self.ruby)),
        }
    }

    fn remembered(&mut self, key: Written<'a>) -> Result<Value, Error> {
        if let Some(known) = self.keys.get(key.bytes()) {
            return Ok(known);
        }
        let value = self.key_value(&key.text())?;
        self.keys.put(key.bytes(), value);
        Ok(value)
    }
}

impl<'a> Sink<'a> for Building<'_, '_, 'a> {
    fn object_begin(&mut self) {
        self.begin(true);
    }

    fn key(&mut self, key: Written<'a>) {
        self.room();
        match self.remembered(key) {
            Ok(key) => self.wait(key),
            Err(error) => self.note(Err(error)),
        }
    }

    fn object_end(&mut self) {
        self.end();
    }

    fn array_begin(&mut self) {
        self.begin(false);
    }

    fn array_end(&mut self) {
        self.end();
    }

    fn null(&mut self) {
        self.put(self.ruby.qnil().into_value_with(self.ruby));
    }

    fn boolean(&mut self, value: bool) {
        self.put(value.into_value_with(self.ruby));
    }

    fn number(&mut self, value: Number<'_>) {
        match value::number(self.ruby, value) {
            Ok(number) => self.put(number),
            Err(error) => self.note(Err(error)),
        }
    }

    fn string(&mut self, value: Cow<'a, str>) {
        self.put(self.ruby.str_new(&value).into_value_with(self.ruby));
    }
}
