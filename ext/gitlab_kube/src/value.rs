//! Ruby values of single fields, and of what was plucked.
//!
//! Ruby's GC sees the machine stack, not Rust's heap, and compaction moves whatever the stack does not name. So whatever is remembered
//! is on the stack, or in a Ruby Array that is: never in a Vec or a map.

use client::wire::{Cell, Node as Core, NodeKind, Number, Row};
use magnus::{Error, IntoValue, RArray, RString, Ruby, Value, prelude::*};

use crate::deep::deep;
use crate::gvl;
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

/// How many rows are made at once: half a millisecond's work, for which other threads wait.
const AT_ONCE: usize = 500;

/// The rows of a pluck. A string that stands in many cells is one frozen Ruby String, kept in `shared`.
pub fn rows(ruby: &Ruby, rows: &[Row], shared: RArray) -> Result<RArray, Error> {
    let array = ruby.ary_new_capa(rows.len());
    for (n, some) in rows.chunks(AT_ONCE).enumerate() {
        if n > 0 {
            gvl::pass()?;
        }
        for row in some {
            array.push(self::row(ruby, row, shared)?)?;
        }
    }
    Ok(array)
}

fn row(ruby: &Ruby, row: &Row, shared: RArray) -> Result<RArray, Error> {
    let cells = ruby.ary_new_capa(row.len());
    for cell in row {
        cells.push(self::cell(ruby, cell, shared)?)?;
    }
    Ok(cells)
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

/// A number, however long.
pub fn number(ruby: &Ruby, number: Number<'_>) -> Result<Value, Error> {
    match number {
        Number::I64(integer) => Ok(integer.into_value_with(ruby)),
        Number::U64(integer) => Ok(integer.into_value_with(ruby)),
        Number::F64(float) => Ok(float.into_value_with(ruby)),
        Number::Big(digits) => ruby.module_kernel().funcall("Integer", (digits, 10)),
    }
}
