//! Ruby values of decoded JSON.
//!
//! Ruby's GC sees the machine stack, not Rust's heap, and compaction moves whatever the stack does not name. So whatever is remembered
//! is on the stack, or in a Ruby Array that is: never in a Vec or a map.

use std::collections::HashMap;

use client::wire::{Cell, Node as Core, NodeKind, Number, Row, Sink};
use magnus::{Error, IntoValue, RArray, RHash, RString, Ruby, Value, prelude::*};

use crate::node::Node;

/// A scalar as Ruby has it, an object as a Node, an array as an Array of either.
pub fn shallow(ruby: &Ruby, node: Core) -> Result<Value, Error> {
    match node.kind() {
        NodeKind::Object => Ok(Node(node).into_value_with(ruby)),
        NodeKind::Array => {
            let array = ruby.ary_new_capa(node.len());
            for element in node.elements() {
                array.push(shallow(ruby, element)?)?;
            }
            Ok(array.into_value_with(ruby))
        }
        NodeKind::Null => Ok(ruby.qnil().into_value_with(ruby)),
        NodeKind::Bool => Ok(node.boolean().into_value_with(ruby)),
        NodeKind::String => Ok(node.text().map(|text| string(ruby, &text)).into_value_with(ruby)),
        NodeKind::Number => {
            node.number().map_or(Ok(ruby.qnil().into_value_with(ruby)), |number| self::number(ruby, number))
        }
    }
}

/// Everything below `node`; keys are Symbols if `symbols`, else frozen Strings that equal keys share.
pub fn deep(ruby: &Ruby, node: &Core, symbols: bool) -> Result<Value, Error> {
    let mut building = Building {
        ruby,
        symbols,
        root: None,
        key: None,
        top: None,
        open: ruby.ary_new(),
        keys: ruby.ary_new(),
        places: HashMap::new(),
        failed: None,
    };
    node.walk(&mut building);
    match building.failed {
        Some(error) => Err(error),
        None => Ok(building.root.unwrap_or_else(|| ruby.qnil().into_value_with(ruby))),
    }
}

/// The rows of a pluck. A string that stands in many cells is one frozen Ruby String, kept in `shared`.
pub fn rows(ruby: &Ruby, rows: &[Row], shared: RArray) -> Result<RArray, Error> {
    let array = ruby.ary_new_capa(rows.len());
    for row in rows {
        let cells = ruby.ary_new_capa(row.len());
        for cell in row {
            cells.push(self::cell(ruby, cell, shared)?)?;
        }
        array.push(cells)?;
    }
    Ok(array)
}

fn cell(ruby: &Ruby, cell: &Cell, shared: RArray) -> Result<Value, Error> {
    Ok(match cell {
        Cell::Null => ruby.qnil().into_value_with(ruby),
        Cell::Bool(boolean) => boolean.into_value_with(ruby),
        Cell::I64(integer) => integer.into_value_with(ruby),
        Cell::U64(integer) => integer.into_value_with(ruby),
        Cell::F64(float) => float.into_value_with(ruby),
        Cell::Big(digits) => number(ruby, Number::Big(digits))?,
        Cell::Str(text) => match text.id() {
            None => string(ruby, text).into_value_with(ruby),
            Some(id) => shared_string(ruby, text, id, shared)?,
        },
        Cell::List(cells) => {
            let array = ruby.ary_new_capa(cells.len());
            for one in cells {
                array.push(self::cell(ruby, one, shared)?)?;
            }
            array.into_value_with(ruby)
        }
        Cell::Json(node) => deep(ruby, node, false)?,
    })
}

fn shared_string(ruby: &Ruby, text: &str, id: u32, shared: RArray) -> Result<Value, Error> {
    let index = id as isize;
    let known: Value = shared.entry(index)?;
    if !known.is_nil() {
        return Ok(known);
    }
    let fresh = string(ruby, text);
    fresh.freeze();
    shared.store(index, fresh)?;
    Ok(fresh.into_value_with(ruby))
}

fn string(ruby: &Ruby, text: &str) -> RString {
    ruby.str_new(text)
}

fn number(ruby: &Ruby, number: Number<'_>) -> Result<Value, Error> {
    match number {
        Number::I64(integer) => Ok(integer.into_value_with(ruby)),
        Number::U64(integer) => Ok(integer.into_value_with(ruby)),
        Number::F64(float) => Ok(float.into_value_with(ruby)),
        Number::Big(digits) => ruby.module_kernel().funcall("Integer", (digits, 10)),
    }
}

struct Building<'a> {
    ruby: &'a Ruby,
    symbols: bool,
    root: Option<Value>,
    key: Option<Value>,
    /// The innermost container that is open; `open` holds it and those around it.
    top: Option<Container>,
    open: RArray,
    /// The keys met so far, and where in `keys` each is.
    keys: RArray,
    places: HashMap<Box<str>, isize>,
    failed: Option<Error>,
}

#[derive(Clone, Copy)]
enum Container {
    Object(RHash),
    Array(RArray),
}

impl Container {
    fn of(value: Value) -> Option<Self> {
        RHash::from_value(value).map(Self::Object).or_else(|| RArray::from_value(value).map(Self::Array))
    }

    fn value(self) -> Value {
        match self {
            Self::Object(hash) => hash.as_value(),
            Self::Array(array) => array.as_value(),
        }
    }
}

impl Building<'_> {
    fn put(&mut self, value: Value) {
        let put = match self.top {
            None => {
                self.root = Some(value);
                Ok(())
            }
            Some(Container::Array(array)) => array.push(value),
            Some(Container::Object(hash)) => match self.key.take() {
                Some(key) => hash.aset(key, value),
                None => Ok(()),
            },
        };
        self.note(put);
    }

    fn note(&mut self, done: Result<(), Error>) {
        if let Err(error) = done {
            self.failed.get_or_insert(error);
        }
    }

    /// A frozen String from Ruby's own table, or a Symbol that can be collected (it is made from a String, not from an ID).
    fn key_value(&mut self, key: &str) -> Result<Value, Error> {
        if let Some(place) = self.places.get(key) {
            return self.keys.entry(*place);
        }
        let text = string(self.ruby, key);
        let value = match self.symbols {
            true => text.funcall::<_, _, Value>("to_sym", ())?,
            false => text.to_interned_str().into_value_with(self.ruby),
        };
        self.places.insert(key.into(), self.keys.len() as isize);
        self.keys.push(value)?;
        Ok(value)
    }

    fn begin(&mut self, container: Container) {
        let value = container.value();
        self.put(value);
        let opened = self.open.push(value);
        self.note(opened);
        self.top = Some(container);
    }

    fn end(&mut self) {
        let outer = self.open.pop::<Value>().and_then(|_| self.open.entry::<Value>(-1));
        match outer {
            Ok(value) => self.top = Container::of(value),
            Err(error) => self.note(Err(error)),
        }
    }
}

impl Sink for Building<'_> {
    fn object_begin(&mut self) {
        self.begin(Container::Object(self.ruby.hash_new()));
    }

    fn key(&mut self, key: &str) {
        match self.key_value(key) {
            Ok(key) => self.key = Some(key),
            Err(error) => self.note(Err(error)),
        }
    }

    fn object_end(&mut self) {
        self.end();
    }

    fn array_begin(&mut self) {
        self.begin(Container::Array(self.ruby.ary_new()));
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
        match number(self.ruby, value) {
            Ok(number) => self.put(number),
            Err(error) => self.note(Err(error)),
        }
    }

    fn string(&mut self, value: &str) {
        self.put(string(self.ruby, value).into_value_with(self.ruby));
    }
}
